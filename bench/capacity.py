"""A day of bursty demand through the real fair queue with simulated cards: how long people wait.

Usage: python bench/capacity.py [--cards 1 8 64] [--seconds 360] [--load 0.7] [--hours 24]

The rows, statements and turns are the program's own; only time is simulated, and the database is
not told to wait for the disk. Demand follows a day (quietest at five, busiest at nine in the
evening) with bursts of ten minutes at four times as much. People ask for a clip or for a few; some
ask again and again the whole day. "first come" is the same demand without turns.
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where a name could hide a standard module

import argparse
import asyncio
import heapq
import math
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.report_parts import judged, machine
from generation.errors import Rejected
from generation.jobs import AnimationRequest, Clip, Requester
from generation.store.claims import Claimant
from generation.store.database import Database
from generation.store.job_queue import JobQueue
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Limits

WISH = AnimationRequest("the waves roll in", "photo.png", 704, 480, 161, 24, seed=7)
LIMITS = Limits(queued_per_user=3, per_hour=None, per_day=None, queue_size=1_000_000)
HEAVY_SHARE = 0.3
"""Of all requests, those of a tenth of the people who ask again and again."""

BURST, BURSTS, TIMES = 600.0, 4, 4.0
"""Seconds of a burst, how many a day has, and by how much demand is higher then."""


@dataclass(frozen=True, slots=True)
class Demand:
    """`at`: seconds since midnight; `heavy`: of somebody who asks the whole day."""

    at: float
    user: str
    heavy: bool


@dataclass
class Day:
    """Waits in seconds; `busy`: seconds that all cards worked together; `refused`: three wait."""

    light: list[float] = field(default_factory=list)
    heavy: list[float] = field(default_factory=list)
    first_come: list[float] = field(default_factory=list)
    busy: float = 0.0
    refused: int = 0
    ended: float = 0.0


def rate_at(moment: float, mean: float, bursts: list[float]) -> float:
    """Requests a second: a day's curve around `mean`, more in a burst."""
    curve = 1 + 0.8 * math.cos((moment / 3600 - 21) / 24 * 2 * math.pi)
    return mean * curve * (TIMES if any(b <= moment < b + BURST for b in bursts) else 1.0)


def demand(chance: random.Random, mean: float, hours: float) -> Iterator[Demand]:
    """Arrivals by thinning a faster stream; ten light people to each heavy one."""
    until = hours * 3600
    bursts = sorted(chance.uniform(0, until) for _ in range(BURSTS))
    people, most, moment = max(20, round(mean * 86400 / 4)), mean * 1.8 * TIMES, 0.0
    while (moment := moment + chance.expovariate(most)) < until:
        if chance.random() < rate_at(moment, mean, bursts) / most:
            heavy = chance.random() < HEAVY_SHARE
            number = chance.randrange(max(2, people // 10) if heavy else people)
            yield Demand(moment, f"{'h' if heavy else 'l'}{number}", heavy)


class Simulation:
    """Cards that take `seconds` a clip, give or take a fifth, on one queue."""

    def __init__(self, database: Database, cards: int, seconds: float, chance: random.Random):
        self.now = 0.0
        pseudonyms = Pseudonyms(b"bench")
        self._queue = JobQueue(database, pseudonyms=pseudonyms, clock=lambda: self.now)
        self._idle = [Claimant(f"card:{number}", "simulated") for number in range(cards)]
        self._working: list[tuple[float, int, Claimant, str, int]] = []
        self._asked: dict[str, Demand] = {}
        self._seconds, self._chance = seconds, chance
        self.day = Day()

    async def run(self, arrivals: Iterator[Demand]) -> Day:
        for one in arrivals:
            await self._until(one.at)
            try:
                put = await self._queue.put(WISH, Requester("web", one.user), LIMITS)
            except Rejected:
                self.day.refused += 1
                continue
            self._asked[put.job_id] = one
            await self._claim()
        await self._until(math.inf)
        return self.day

    async def _until(self, moment: float) -> None:
        while self._working and self._working[0][0] <= moment:
            self.now, _, claimant, job_id, attempt = heapq.heappop(self._working)
            clip = Clip(Path("c.mp4"), 704, 480, 161, 24, 7, 1)
            await self._queue.succeed(job_id, attempt, clip, render_seconds=1.0, notes=())
            self._idle.append(claimant)
            await self._claim()
        self.day.ended = max(self.day.ended, self.now)
        self.now = self.now if moment == math.inf else moment

    async def _claim(self) -> None:
        while self._idle:
            job = await self._queue.take(self._idle[-1])
            if job is None:
                return
            claimant, one = self._idle.pop(), self._asked.pop(job.id)
            (self.day.heavy if one.heavy else self.day.light).append(self.now - one.at)
            length = self._seconds * self._chance.uniform(0.8, 1.2)
            self.day.busy += length
            work = (self.now + length, job.turn, claimant, job.id, job.attempt)
            heapq.heappush(self._working, work)


def first_come(arrivals: list[Demand], cards: int, seconds: float) -> list[float]:
    """Waits of the light ones where all stand in one line."""
    free, waits = [0.0] * cards, []
    for one in arrivals:
        begun = max(one.at, heapq.heappop(free))
        heapq.heappush(free, begun + seconds)
        if not one.heavy:
            waits.append(begun - one.at)
    return waits


async def simulate(cards: int, seconds: float, load: float, hours: float) -> Day:
    arrivals = list(demand(random.Random(7), load * cards / seconds, hours))
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "photoplay.db")
        try:
            await database.rows("PRAGMA synchronous = OFF")
            simulation = Simulation(database, cards, seconds, random.Random(1))
            day = await simulation.run(iter(arrivals))
        finally:
            await database.close()
    day.first_come = first_come(arrivals, cards, seconds)
    return day


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else 0.0


def spans(values: list[float]) -> str:
    return f"{quantile(values, 0.5) / 60:5.1f} / {quantile(values, 0.95) / 60:5.1f} min"


def report(cards: int, day: Day, took: float) -> None:
    every = day.light + day.heavy
    used = day.busy / (cards * day.ended)
    print(f"{cards} cards: {len(every)} clips, {day.refused} refused, in {took:.1f} s")
    print(f"  waits p50 / p95: all {spans(every)}; who asks now and then {spans(day.light)};")
    print(f"    who asks all day {spans(day.heavy)}; first come would be {spans(day.first_come)}")
    print(f"  the cards work {used:.0%} of the day")
    light, heavy = quantile(day.light, 0.95), quantile(day.heavy, 0.95)
    found = f"{light / 60:.1f} and {heavy / 60:.1f} min"
    print(judged("now and then waits no longer than all day (p95)", found, met=light <= heavy + 60))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cards", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--seconds", type=float, default=360.0, help="a clip takes on a card")
    parser.add_argument("--load", type=float, default=0.7, help="demand, of what the cards can")
    parser.add_argument("--hours", type=float, default=24.0)
    asked = parser.parse_args()
    print(machine())
    totals: dict[int, float] = defaultdict(float)
    for cards in asked.cards:
        began = time.perf_counter()
        day = asyncio.run(simulate(cards, asked.seconds, asked.load, asked.hours))
        totals[cards] = time.perf_counter() - began
        report(cards, day, totals[cards])
    took = sum(totals.values())
    print(judged("under 2 minutes", f"{took:.0f} s", met=took < 120))


if __name__ == "__main__":
    main()
