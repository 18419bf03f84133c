"""What people write, against what a film person would do: the parser's measure."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from generation.directions.parse import parse
from generation.directions.phrasebook import LANGUAGES
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed

DATA = Path(__file__).parents[2] / "data"


def corpus(part: str) -> list[dict[str, Any]]:
    """`seen` and `held_out` are parts of one file; kinds and languages have a file of their own."""
    file = DATA / "prompts" / f"{part}.toml"
    parts = tomllib.loads((file if file.exists() else DATA / "prompts.toml").read_text("utf-8"))
    sentences: list[dict[str, Any]] = parts[part if part in parts else "held_out"]
    return sentences


def understood(told: dict[str, Any]) -> bool:
    """The moves of one shot happen together: they have no order."""
    got, wanted = parse(told["prompt"]), expected(told)
    together = list(map(set, got.shots)) == list(map(set, wanted.shots))
    return together and got.effects == wanted.effects


def expected(sentence: dict[str, Any]) -> Directions:
    shots = tuple(tuple(map(move, shot)) for shot in sentence["shots"])
    return Directions(shots, tuple(map(Effect, sentence["effects"])))


def move(words: str) -> Move:
    motion, *manner = words.split()
    speed = next((Speed(word) for word in manner if word in ("slow", "quick")), Speed.NORMAL)
    degree = next((Degree(word) for word in manner if word in ("slight", "strong")), Degree.NORMAL)
    return Move(Motion(motion), speed, degree)


LEAST = {"seen": 0.95, "held_out": 0.90}
LEAST |= dict.fromkeys(("kinds", "strangers", "passers_by", "newcomers"), 0.95)
LEAST |= dict.fromkeys(LANGUAGES, 0.85)


@pytest.mark.parametrize(("part", "least"), LEAST.items())
def test_people_are_understood(part: str, least: float, capsys: pytest.CaptureFixture[str]) -> None:
    sentences = corpus(part)
    missed = [told for told in sentences if not understood(told)]
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_forty_sentences_of_others(language: str) -> None:
    prompts = [told["prompt"] for told in corpus(language)]
    assert len(set(prompts)) == len(prompts) >= 40
