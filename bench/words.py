"""How many prompts are understood as a person would mean them, and how long reading one takes.

The sentences are the tests' own, `tests/data/prompts*`; each file says who wrote it when and what
its first score was. Milliseconds are of the processor, for prompts of 2,000 characters: sentences
of each corpus one after the other, and pieces repeated to do harm. A prompt's time is the best
of eight rounds through all of them: what else the machine did in one of them counts for nothing.

Usage: python bench/words.py
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import gc
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from bench.report_parts import judged, machine
from generation.directions.parse import parse
from generation.directions.phrasebook import LANGUAGES
from tests.generation.directions.test_parse import HOSTILE
from tests.generation.directions.test_prompts import corpus, understood

PARTS = ("seen", "held_out", "kinds", "strangers", "passers_by", "newcomers", *LANGUAGES)
LONGEST = 2_000
ROUNDS = 8
LEAST, GOAL = 0.85, 5.0
"""Share of each language; milliseconds at p99."""


def scores() -> Iterator[tuple[str, int, int]]:
    """What is understood and how much there is, by part, and for `kinds` by kind too."""
    for part in PARTS:
        sentences = corpus(part)
        right = [told for told in sentences if understood(told)]
        yield part, len(right), len(sentences)
        kinds = Counter(told["kind"] for told in sentences if "kind" in told)
        for kind, count in kinds.items():
            yield f"  {kind}", sum(told["kind"] == kind for told in right if "kind" in told), count


def longest() -> Iterator[str]:
    for part in PARTS:
        prompts = [told["prompt"] for told in corpus(part)]
        for first in range(0, len(prompts), 5):
            yield (". ".join([*prompts[first:], *prompts]) * 3)[:LONGEST]
    for piece in HOSTILE:
        yield piece * (LONGEST // len(piece))


def milliseconds(prompt: str) -> float:
    begun = time.process_time()
    parse(prompt)
    return (time.process_time() - begun) * 1000


def timed(prompts: Sequence[str]) -> list[tuple[float, str]]:
    """The quickest first, each with its prompt."""
    rounds = [[milliseconds(prompt) for prompt in prompts] for _ in range(ROUNDS)]
    return sorted(zip(map(min, *rounds), prompts, strict=True))


def main() -> None:
    print(machine())
    worst = 1.0
    for part, right, count in scores():
        print(f"{part:<42}{right:>4} of {count:>4}  {right / count:6.1%}")
        worst = min(worst, right / count) if part in LANGUAGES else worst
    print(judged(f"each language {LEAST:.0%}", f"least {worst:.1%}", met=worst >= LEAST))
    gc.collect()
    gc.freeze()  # as the program does when it is ready
    load = os.getloadavg()[0]
    spent = timed([*longest()])
    (middle, _), (late, _) = spent[len(spent) // 2], spent[int(len(spent) * 0.99)]
    most, prompt = spent[-1]
    print(
        f"{len(spent)} prompts of 2,000 characters: median {middle:.1f} ms, most {most:.1f} ms"
        f" ({prompt[:30]!r} …); load average {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    )
    print(judged(f"p99 below {GOAL:.0f} ms", f"{late:.1f} ms", met=late < GOAL))


if __name__ == "__main__":
    main()
