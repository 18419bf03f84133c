"""The calls of the OpenAI Videos API over HTTP, with the patience that networks need."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import ExitStack, aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from generation.engine.protocol import ServerAway, WorkerLost
from generation.remote.answers import FarVideo, object_of, refusal_of, video_of
from generation.remote.dialects import FarEnd
from generation.remote.form import PNG, FarForm

MOST_ANSWER = 2**20
"""Bytes of an answer that is no file."""

MOST_CLIP = 2**30
"""Bytes of a clip; a minute in full quality has a tenth of it."""


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


class ServerRefuses(Exception):
    """The server understood and says no; `code` is its word for it, the text is for the log."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code


class ServerBusy(Exception):
    """It takes nothing for some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it takes nothing for {seconds:g} s")
        self.seconds = seconds


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
            trust_env=False,
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def models(self) -> tuple[dict[str, Any], Mapping[str, str]]:
        """What is served there, and with which headers it is told.

        Raises `ServerAway` for a server that is not there now, `WorkerLost` for one that will
        never answer us.
        """
        try:
            answer = await self._http.get(f"{self._url}/models")
            if answer.status_code == 404:  # SGLang's lies beside /v1
                answer = await self._http.get(f"{self._url.removesuffix('/v1')}/models")
        except httpx.HTTPError as error:
            raise ServerAway(f"The server does not answer ({_named(error)}).") from None
        if answer.status_code in {401, 403}:
            raise WorkerLost("The server refuses the key: look at engine.api_key.", guilty=False)
        if answer.status_code >= 500:
            raise ServerAway(f"The server answers with {answer.status_code}.")
        return object_of(answer.content), answer.headers

    async def submit(self, form: FarForm, key: str) -> FarVideo:
        """Under the same key it is made once. Raises `ServerRefuses`, `WorkerLost`."""

        async def send() -> httpx.Response:
            with ExitStack() as opened:
                files = {
                    name: (path.name, opened.enter_context(path.open("rb")), PNG)
                    for name, path in form.files.items()
                }
                return await self._http.post(
                    f"{self._url}/videos",
                    data=form.fields,
                    files=files,
                    headers={"Idempotency-Key": key},
                )

        return video_of(object_of((await self._lasting(send)).content))

    async def look(self, far_id: str) -> FarVideo:
        """Raises `ServerRefuses`, with 404 where the server knows it no more, and `WorkerLost`."""
        answer = await self._lasting(lambda: self._http.get(f"{self._url}/videos/{far_id}"))
        return video_of(object_of(answer.content))

    async def end(self, far_id: str, how: FarEnd) -> None:
        """As well as the server can: many know no cancelling, and some no deleting."""
        address = f"{self._url}/videos/{far_id}"
        with suppress(httpx.HTTPError):
            if how is FarEnd.CANCEL:
                await self._http.post(f"{address}/cancel")
            else:
                await self._http.delete(address)

    async def events(self, far_id: str) -> AsyncGenerator[tuple[str, str]]:
        """Name and data of each Server-Sent Event, until the stream ends or breaks."""
        timeout = httpx.Timeout(self._waits.silence, connect=self._waits.connect)
        address = f"{self._url}/videos/{far_id}/events"
        with suppress(httpx.HTTPError):
            async with self._http.stream("GET", address, timeout=timeout) as answer:
                if answer.status_code != 200:
                    return
                async with aclosing(_events(answer.aiter_lines())) as events:
                    async for event in events:
                        yield event

    async def breathe(self) -> None:
        """Between two tries."""
        await asyncio.sleep(self._waits.first_poll)

    async def download(self, far_id: str, to: Path, variant: str | None = None) -> None:
        """Write a video's file, whole, to `to`; raises `ServerRefuses`, `WorkerLost`, `OSError`."""
        address = f"{self._url}/videos/{far_id}/content"
        params = {} if variant is None else {"variant": variant}

        async def fetch() -> httpx.Response:
            async with self._http.stream("GET", address, params=params) as answer:
                if answer.status_code == 200:
                    await _written(answer, to)
                else:
                    await answer.aread()
            return answer

        await self._lasting(fetch)

    async def _lasting(self, call: Callable[[], Any]) -> httpx.Response:
        """Again and again while the server is away, for as long as `Waits.patience`."""
        due = time.monotonic() + self._waits.patience
        pause = self._waits.first_poll
        while True:
            try:
                return _accepted(await call())
            except ServerBusy as busy:
                pause, why = min(busy.seconds, self._waits.patience), str(busy)
            except httpx.HTTPError as error:
                why = _named(error)
            if time.monotonic() + pause > due:
                raise WorkerLost(f"the server does not answer ({why})", guilty=False)
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._waits.last_poll)


def _accepted(answer: httpx.Response) -> httpx.Response:
    """Raises `ServerBusy`, `ServerRefuses`; a server's own fault is one of the way to it."""
    status = answer.status_code
    if status < 300:
        return answer
    if status in {429, 503}:
        after = answer.headers.get("retry-after", "")
        raise ServerBusy(float(after) if after.isdigit() else 1.0)
    if status >= 500:
        raise httpx.HTTPStatusError(f"{status}", request=answer.request, response=answer)
    raise ServerRefuses(status, *refusal_of(answer.content))


async def _written(answer: httpx.Response, to: Path) -> None:
    """Bounded, and off the loop: a slow disk may not stop everybody else."""
    size = 0
    with to.open("wb") as file:
        async for piece in answer.aiter_bytes(2**18):
            size += len(piece)
            if size > MOST_CLIP:
                raise WorkerLost("the server sends a file without end", guilty=False)
            await asyncio.to_thread(file.write, piece)


async def _events(lines: AsyncIterator[str]) -> AsyncGenerator[tuple[str, str]]:
    """As the HTML standard has it (9.2.6), of which only `event` and `data` matter here."""
    name, data = "", ""
    async for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if name:
                yield name, data
            name, data = "", ""
        elif field == "event":
            name = value
        elif field == "data" and len(data) < MOST_ANSWER:
            data += value


def _named(error: httpx.HTTPError) -> str:
    """In few words and without the address, in which there may be a key."""
    if isinstance(error, httpx.HTTPStatusError):
        return str(error)
    return {
        "ConnectError": "no connection",
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
    }.get(type(error).__name__, "the connection broke")
