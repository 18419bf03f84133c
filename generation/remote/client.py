"""The calls of the OpenAI Videos API over HTTP, with the patience that networks need."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import ExitStack, aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from generation.engine.protocol import ServerAway
from generation.remote.answers import FarVideo, object_of, video_of
from generation.remote.bodies import Bodies, FarAnswer
from generation.remote.dialects import FarEnd
from generation.remote.errors import BrokenAnswer, HalfFile, ServerBusy, ServerOccupied
from generation.remote.form import PNG, FarForm
from generation.remote.refusals import accepted, checked_models, lost, named

T = TypeVar("T")

TRIES = 5
"""How often a file may break off."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds. `connect`, `answer`: of one call; `silence`: of a stream of events.

    `patience`: until a server that does not answer counts as gone. `first_poll` to `last_poll`:
    between two looks at a video, longer each time. `tidy`: until a clip that was fetched is deleted
    there: its row has to be written first. `watch`: between two looks at what the server can.
    """

    connect: float = 10.0
    answer: float = 60.0
    silence: float = 45.0
    patience: float = 30.0
    first_poll: float = 0.5
    last_poll: float = 5.0
    tidy: float = 60.0
    watch: float = 30.0
    rest: float = 5.0


class VideosClient:
    """One server; `url` with `/v1`, as clients take it."""

    def __init__(self, url: str, key: str | None, waits: Waits) -> None:
        self._url = url.rstrip("/")
        self._waits = waits
        headers = {"User-Agent": "photoplay", "Accept-Encoding": "identity"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        self._http = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(waits.answer, connect=waits.connect),
            follow_redirects=False,
            trust_env=False,  # a proxy of other programs' would get the key
            verify=httpx.create_ssl_context(),  # but SSL_CERT_FILE may name one's own authority
        )
        self._bodies = Bodies(key, waits.answer)

    async def close(self) -> None:
        await self._http.aclose()

    async def models(self) -> tuple[dict[str, Any], Mapping[str, str]]:
        """What is served there, and with which headers it is told.

        Raises `ServerAway` for a server that is not there now, `WorkerLost` for one that will
        never answer us.
        """
        try:
            answer = await self._call("GET", f"{self._url}/models")
            if answer.status == 404:  # SGLang's lies beside /v1
                answer = await self._call("GET", f"{self._url.removesuffix('/v1')}/models")
            if answer.status == 404 and await self._has_videos():
                return {}, answer.headers
        except httpx.HTTPError as error:
            raise ServerAway(f"The server does not answer ({named(error)}).") from None
        return checked_models(answer), answer.headers

    async def submit(self, form: FarForm, key: str) -> FarVideo:
        """Under the same key it is made once. Raises `ServerRefuses`, `WorkerLost`."""

        async def send() -> FarAnswer:
            with ExitStack() as opened:
                files = {
                    name: (path.name, opened.enter_context(path.open("rb")), PNG)
                    for name, path in form.files.items()
                }
                headers = {"Idempotency-Key": key}
                content = {"data": form.fields, "files": files, "headers": headers}
                return accepted(await self._call("POST", f"{self._url}/videos", **content))

        return video_of(object_of((await self._lasting(send)).body))

    async def look(self, far_id: str) -> FarVideo:
        """Raises `ServerRefuses`, with 404 where the server knows it no more, and `WorkerLost`."""
        address = self._of(far_id)

        async def ask() -> FarAnswer:
            return accepted(await self._call("GET", address))

        return video_of(object_of((await self._lasting(ask)).body), far_id)

    async def end(self, far_id: str, how: FarEnd) -> None:
        """As well as the server can: many know no cancelling, and some no deleting."""
        address = self._of(far_id)
        with suppress(httpx.HTTPError, BrokenAnswer):
            if how is FarEnd.CANCEL:
                await self._call("POST", f"{address}/cancel")
            else:
                await self._call("DELETE", address)

    async def events(self, far_id: str) -> AsyncGenerator[tuple[str, str]]:
        """Name and data of each Server-Sent Event, until the stream ends or breaks."""
        timeout = httpx.Timeout(self._waits.silence, connect=self._waits.connect)
        with suppress(httpx.HTTPError):
            async with self._http.stream(
                "GET", f"{self._of(far_id)}/events", timeout=timeout
            ) as answer:
                if answer.status_code != 200:
                    return
                async with aclosing(self._bodies.events(answer)) as events:
                    async for event in events:
                        yield event

    async def breathe(self) -> None:
        """Between two tries."""
        await asyncio.sleep(self._waits.first_poll)

    async def download(self, far_id: str, to: Path, variant: str | None = None) -> None:
        """Write a video's file, whole, to `to`, from wherever the server says that it lies.

        Raises `ServerRefuses`, `WorkerLost`, `EndlessFile`, `OSError`.
        """
        address = f"{self._of(far_id)}/content"
        params = {} if variant is None else {"variant": variant}

        async def fetch() -> None:
            async with self._http.stream(
                "GET", address, params=params, follow_redirects=True
            ) as answer:
                if answer.status_code == 200:
                    await self._bodies.file(answer, to)
                else:
                    accepted(await self._bodies.whole(answer))
                    raise BrokenAnswer(f"The server sends no file ({answer.status_code}).")

        await self._lasting(fetch)

    async def _has_videos(self) -> bool:
        """Of a server that lists no models, whose answer is that of a wrong address."""
        return (await self._call("GET", f"{self._url}/videos")).status != 404

    def _of(self, far_id: str) -> str:
        return f"{self._url}/videos/{quote(far_id, safe='')}"

    async def _call(self, method: str, address: str, **content: Any) -> FarAnswer:
        async with self._http.stream(method, address, **content) as answer:
            return await self._bodies.whole(answer)

    async def _lasting(self, call: Callable[[], Awaitable[T]]) -> T:
        """Again and again while the server is away, for as long as `Waits.patience`.

        It has begun anew with every file that broke off: a large one takes longer than that.
        """
        due = time.monotonic() + self._waits.patience
        pause, broken_off = self._waits.first_poll, 0
        while True:
            try:
                return await call()
            except ServerBusy as busy:
                pause = max(busy.seconds, self._waits.first_poll)
                if time.monotonic() + pause > due:
                    raise ServerOccupied(busy) from None
            except httpx.HTTPError as error:
                if isinstance(error, HalfFile):
                    broken_off += 1
                    due = time.monotonic() + self._waits.patience
                if broken_off == TRIES or time.monotonic() + pause > due:
                    raise lost(error) from None
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._waits.last_poll)
