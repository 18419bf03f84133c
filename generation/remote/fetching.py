"""How a video that is completed far away is fetched, and what is made of one that is of no use."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import dataclass

import structlog

from generation.engine.protocol import Animation, Done
from generation.events import Failed
from generation.jobs import Clip
from generation.media.atomic_publish import Publication
from generation.remote.arrival import Rewriting, Unusable, place_foreign, place_own
from generation.remote.client import VideosClient
from generation.remote.dialects import FarEnd
from generation.remote.errors import BrokenAnswer, EndlessFile, ServerRefuses
from generation.remote.refusals import GONE

log = structlog.get_logger(__name__)

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass
class FarAttempt:
    """`far_id` as soon as there is one; `ended`: nothing is to be ended there by us."""

    client: VideosClient
    animation: Animation
    far_id: str
    ended: bool = False


async def fetched(attempt: FarAttempt, rewriting: Rewriting | None) -> Done | Failed:
    """Without `rewriting` it is a clip of ours already. Raises `ServerRefuses`, `WorkerLost`."""
    files = Publication(attempt.animation.clip, attempt.animation.thumbnail)
    try:
        return Done(await _placed(attempt, files, rewriting))
    except (Unusable, EndlessFile) as error:
        log.error("far_video_unusable", reason=str(error))
        return Failed("generation_failed", "engine_defect")
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        return Failed("disk_full", "clip")
    except ServerRefuses as refusal:
        if refusal.status not in GONE:
            raise
        await attempt.client.end(attempt.far_id, FarEnd.DELETE)  # so that it is made anew
        raise BrokenAnswer("The server has the clip no more.") from None
    finally:
        files.discard()


async def _placed(attempt: FarAttempt, files: Publication, rewriting: Rewriting | None) -> Clip:
    client, far_id, animation = attempt.client, attempt.far_id, attempt.animation
    await client.download(far_id, files.video)
    if rewriting is not None:
        return await place_foreign(files, animation, rewriting)
    await client.download(far_id, files.smaller, "thumbnail")
    jpeg = await asyncio.to_thread(files.smaller.read_bytes)
    return await asyncio.to_thread(place_own, files, jpeg, animation.request.seed)
