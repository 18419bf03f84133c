"""A stream of events: kept alive through silence, ended at once when the program stops."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from bot.language.catalogue import load_texts
from bot.platforms.web.sse import Streams
from generation.engine.protocol import Phase, Step
from generation.events import PhaseName
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, house, wish


async def test_a_silent_stream_says_that_it_is_still_here_and_then_goes_on(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        stream = Streams(home.service, quiet=0.02).job(ticket.job_id, load_texts().of("en"))
        animation = await engine.begun.get()
        heard = [await anext(stream) for _ in range(3)]
        assert b": still here\n\n" in heard
        engine.tell(animation, Phase(PhaseName.PREPARE), Step(1, 2))
        engine.finish(animation)
        rest = [chunk async for chunk in stream]
    assert rest[-1].startswith(b"event: completed\n")
    assert sum(chunk.startswith(b"event: completed") for chunk in rest) == 1


async def test_closing_ends_every_stream_at_once_with_restarting(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        ticket = await home.service.submit(wish(), ANN)
        streams = Streams(home.service)
        listening = [asyncio.create_task(collect(streams, ticket.job_id)) for _ in range(3)]
        await asyncio.sleep(0.05)
        streams.close()
        async with asyncio.timeout(1):
            told = await asyncio.gather(*listening)
    assert [chunks[-1] for chunks in told] == [b"event: restarting\ndata: {}\n\n"] * 3


class Listener:
    """Somebody with everything of theirs in one stream, as a browser hears it."""

    def __init__(self, streams: Streams, last: str | None = None) -> None:
        self._stream = streams.all(ANN, load_texts().of("en"), last)
        self.last = last

    async def hear(self) -> tuple[str, str]:
        """The next event and whose it is; comments are for proxies."""
        async with asyncio.timeout(30):
            async for chunk in self._stream:
                fields = dict(
                    line.split(": ", 1)
                    for line in chunk.decode().splitlines()
                    if line and line[0] != ":"
                )
                if "event" in fields:
                    self.last = fields.get("id", self.last)
                    return fields["event"], json.loads(fields["data"]).get("video_id", "")
        raise AssertionError("it ended")

    async def hear_until(self, name: str) -> list[tuple[str, str]]:
        heard = [await self.hear()]
        while heard[-1][0] != name:
            heard.append(await self.hear())
        return heard

    async def close(self) -> None:
        await self._stream.aclose()


async def test_one_stream_tells_of_all_jobs_of_somebody_and_of_nobody_elses(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        first = (await home.service.submit(wish(), ANN)).job_id
        second = (await home.service.submit(wish(), ANN)).job_id
        await home.service.submit(wish(), BEN)
        listener = Listener(Streams(home.service, clock=home.clock))
        begun = {await listener.hear(), await listener.hear()}
        assert begun == {("progress", first), ("queued", second)}
        third = (await home.service.submit(wish(), ANN)).job_id
        engine.finish(await engine.begun.get())
        heard = await listener.hear_until("completed")
        assert heard[-1] == ("completed", first)
        await home.service.cancel(third)
        heard += await listener.hear_until("cancelled")
        assert heard[-1] == ("cancelled", third)
        assert {job for _, job in heard} <= {first, second, third}
        assert second in home.watchers.told()
        await listener.close()
    assert second not in home.watchers.told()  # it waits, and nobody listens any more


async def test_who_comes_back_is_told_the_ends_that_were_missed(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        streams = Streams(home.service, clock=home.clock)
        early = (await home.service.submit(wish(), ANN)).job_id
        engine.finish(await engine.begun.get())
        async for _ in home.service.watch(early):
            pass
        home.clock.pass_(60)
        missed = (await home.service.submit(wish(), ANN)).job_id
        listener = Listener(streams)
        await listener.hear()
        await listener.close()
        engine.finish(await engine.begun.get())
        async for _ in home.service.watch(missed):
            pass
        home.clock.pass_(3600)
        again = Listener(streams, listener.last)
        assert await again.hear() == ("completed", missed)
        from_the_future = Listener(streams, f"{home.clock() + 9999:.3f}")
        assert {await from_the_future.hear() for _ in range(2)} == {
            ("completed", early),
            ("completed", missed),
        }
        for one in (again, from_the_future):
            await one.close()


async def test_what_becomes_of_a_job_after_its_end_is_told_too_and_only_to_its_owner(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        jobs = [(await home.service.submit(wish(), ANN)).job_id for _ in range(5)]
        for _ in jobs[:4]:
            engine.finish(await engine.begun.get())
        await engine.begun.get()  # the fifth
        for job_id in jobs[:4]:
            async for _ in home.service.watch(job_id):
                pass
        home.clock.pass_(60)
        foreign = (await home.service.submit(wish(), BEN)).job_id
        streams = Streams(home.service, clock=home.clock)
        listener = Listener(streams)
        assert (await listener.hear_until("progress"))[-1] == ("progress", jobs[4])
        await home.service.delete(foreign)
        await home.service.mark(jobs[0], favorite=True)
        assert await ends_until(listener, "marked") == [("marked", jobs[0])]
        await home.service.delete(jobs[0])
        assert await ends_until(listener, "deleted") == [("deleted", jobs[0])]
        await home.service.delete(jobs[4])  # it runs: first its end, as ever
        ends = [("cancelled", jobs[4]), ("deleted", jobs[4])]
        assert await ends_until(listener, "deleted") == ends
        await listener.close()
        home.clock.pass_(60)
        await home.service.delete(jobs[1])
        again = Listener(streams, listener.last)
        missed = {await again.hear() for _ in range(3)}  # the last moments are told twice
        assert missed == {("deleted", jobs[one]) for one in (0, 1, 4)}
        await home.service.forget(ANN)
        assert {await again.hear() for _ in range(2)} == {("deleted", one) for one in jobs[2:4]}
        old = (await home.service.submit(wish(), ANN)).job_id
        await home.service.cancel(old)
        await again.hear_until("cancelled")
        home.clock.pass_(366 * 86400)
        assert await home.service.thin(before=home.clock()) == 1
        assert await ends_until(again, "deleted") == [("deleted", old)]
        await again.close()


async def test_a_stream_of_everything_ends_at_once_with_restarting(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        streams = Streams(home.service)
        listening = asyncio.create_task(Listener(streams, "not ours").hear())
        await asyncio.sleep(0.05)
        streams.close()
        async with asyncio.timeout(30):
            assert await listening == ("restarting", "")


async def test_who_was_told_nothing_before_they_were_cut_off_learns_what_they_missed(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        ended, other = [(await home.service.submit(wish(), ANN)).job_id for _ in range(2)]
        for job_id in (ended, other):
            await home.service.cancel(job_id)
        home.clock.pass_(60)
        streams = Streams(home.service, clock=home.clock)
        stream = streams.all(ANN, load_texts().of("en"), None)
        beginning = (await anext(stream)).decode().splitlines()
        await stream.aclose()
        [last] = [line.removeprefix("id: ") for line in beginning if line.startswith("id: ")]
        home.clock.pass_(60)
        await home.service.delete(ended)
        again = Listener(streams, last)
        assert await again.hear() == ("deleted", ended)
        await again.close()


async def ends_until(listener: Listener, name: str) -> list[tuple[str, str]]:
    """What is heard of jobs up to this, without how they wait and run."""
    heard = await listener.hear_until(name)
    return [one for one in heard if one[0] not in {"queued", "progress"}]


async def collect(streams: Streams, job_id: str) -> list[bytes]:
    return [chunk async for chunk in streams.job(job_id, load_texts().of("en"))]
