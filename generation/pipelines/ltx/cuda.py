"""What torch can use of this machine's GPUs, as data for those who load no torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from generation.adapter import Adapter
from generation.errors import Misconfigured

BF16 = (8, 0)
"""Ampere: older cards compute bf16, in which the weights are, slower than a processor would."""


@dataclass(frozen=True, slots=True)
class Card:
    """`memory` in bytes, all of it; `capability` is CUDA's compute capability."""

    name: str
    memory: int
    capability: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cuda:
    """`cards` as torch counts them; where there is none, `problem` says why as far as known."""

    cards: tuple[Card, ...] = ()
    problem: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def parse(text: str | bytes) -> Cuda:
    """Raises `ValueError`."""
    return _CUDA.validate_json(text)


_CUDA: Adapter[Cuda] = Adapter(Cuda)


def card_of(cuda: Cuda, device: str) -> Card:
    """The GPU that `device` names as torch does. Raises `Misconfigured` where it is of no use."""
    _, _, index = device.partition(":")
    number = int(index) if index.isdigit() else 0
    if number >= len(cuda.cards):
        raise Misconfigured(
            cuda.problem or f"There is no {device}: this machine has {len(cuda.cards)} GPUs."
        )
    if problem := unfit(cuda.cards[number]):
        raise Misconfigured(problem)
    return cuda.cards[number]


def unfit(card: Card) -> str | None:
    """Why the model cannot run on it, in one sentence."""
    if card.capability >= BF16:
        return None
    major, minor = card.capability
    return (
        f"{card.name} (compute capability {major}.{minor}) has no bf16, which the model needs: "
        "a card of 8.0 or more, from 2020 on, has it."
    )
