"""How a video far away gets on, as an engine reports it: by the server's events, or by asking."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncGenerator
from contextlib import aclosing

import structlog

from generation.engine.protocol import Heartbeat, Phase, Preview, Report, Step
from generation.events import PhaseName
from generation.remote.answers import FarStatus, FarVideo, step_of
from generation.remote.client import VideosClient, Waits
from generation.remote.dialects import Dialect

log = structlog.get_logger(__name__)

GOES_ON = frozenset({FarStatus.WAITING, FarStatus.WORKING})


async def followed(
    client: VideosClient, video: FarVideo, dialect: Dialect, waits: Waits
) -> AsyncGenerator[Report]:
    """Progress until it is completed, or why it ended; ends by itself once there is a clip.

    Raises `ServerRefuses`, `WorkerLost`.
    """
    pause, working = waits.first_poll, False
    while True:
        match video.standing:
            case FarStatus.COMPLETED:
                if not working:  # made while nobody looked
                    yield Phase(PhaseName.STEP)
                yield Phase(PhaseName.ENCODE)
                return
            case FarStatus.ENDED:
                log.warning("far_video_failed", code=video.code, message=video.message)
                yield video.ending
                return
            case FarStatus.WORKING:
                if not working:
                    yield Phase(PhaseName.STEP)
                working = True
                yield Step(video.percent, 100)
            case FarStatus.WAITING:
                yield Heartbeat()
        if dialect.events:
            async with aclosing(_streamed(client, video.id)) as reports:
                async for report in reports:
                    working |= isinstance(report, Phase)
                    yield report
        else:
            await asyncio.sleep(pause)
            pause = min(pause * 1.3, waits.last_poll)
        video = await client.look(video.id)
        if dialect.events and video.standing in GOES_ON:  # the stream broke, or told no truth
            await client.breathe()


async def _streamed(client: VideosClient, far_id: str) -> AsyncGenerator[Report]:
    """What the server tells by itself, until it tells that it ends or the stream breaks."""
    phase: PhaseName | None = None
    async with aclosing(client.events(far_id)) as events:
        async for name, data in events:
            if name in {"completed", "failed", "cancelled", "restarting"}:
                return
            if name != "progress":
                yield Heartbeat()
                continue
            told = step_of(data)
            if told.phase is not None and told.phase is not phase:
                phase = told.phase
                yield Phase(phase)
            if told.steps:
                yield Step(min(told.step, told.steps), told.steps)
            if jpeg := _picture(told.preview):
                yield Preview(jpeg)


def _picture(url: str) -> bytes:
    """Of a data URL; empty for none."""
    try:
        return base64.b64decode(url.partition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        return b""
