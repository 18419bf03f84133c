"""What people write, against what a film person would do: the parser's measure."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from generation.directions.parse import parse
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed

PROMPTS = Path(__file__).parents[2] / "data" / "prompts.toml"


def corpus(part: str) -> list[dict[str, Any]]:
    sentences: list[dict[str, Any]] = tomllib.loads(PROMPTS.read_text(encoding="utf-8"))[part]
    return sentences


def expected(sentence: dict[str, Any]) -> Directions:
    shots = tuple(tuple(map(move, shot)) for shot in sentence["shots"])
    return Directions(shots, tuple(map(Effect, sentence["effects"])))


def move(words: str) -> Move:
    motion, *manner = words.split()
    speed = next((Speed(word) for word in manner if word in ("slow", "quick")), Speed.NORMAL)
    degree = next((Degree(word) for word in manner if word in ("slight", "strong")), Degree.NORMAL)
    return Move(Motion(motion), speed, degree)


@pytest.mark.parametrize(("part", "least"), [("seen", 0.95), ("held_out", 0.90)])
def test_people_are_understood(part: str, least: float, capsys: pytest.CaptureFixture[str]) -> None:
    sentences = corpus(part)
    missed = [told for told in sentences if parse(told["prompt"]) != expected(told)]
    right = 1 - len(missed) / len(sentences)
    with capsys.disabled():
        sys.stdout.write(f"\n{part}: {right:.1%} of {len(sentences)} prompts\n")
        for told in missed:
            sys.stdout.write(f"  {told['prompt'][:90]!r}: {parse(told['prompt'])}\n")
    assert right >= least
    known = [told["prompt"] for told in sentences if told.get("miss", False)]
    assert [told["prompt"] for told in missed] == known


def test_the_corpus_is_large_and_says_nothing_twice() -> None:
    prompts = [told["prompt"] for part in ("seen", "held_out") for told in corpus(part)]
    assert len(prompts) >= 160
    assert len(set(prompts)) == len(prompts)
