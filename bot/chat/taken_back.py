"""What came of removing the messages that somebody wants gone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many messages are gone, and how many have to stay."""

    gone: int = 0
    staying: int = 0

    @classmethod
    def of(cls, went: Collection[bool]) -> Self:
        """Of each message whether it went."""
        return cls(sum(went), len(went) - sum(went))
