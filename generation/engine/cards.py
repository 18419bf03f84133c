"""Where an engine makes clips, if that is on several cards: those of a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EngineStatus(StrEnum):
    """`out`: it does not start or has failed, and is tried again by itself."""

    STARTING = "starting"
    IDLE = "idle"
    WORKING = "working"
    DRAINING = "draining"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class CardState:
    """`name`: its machine and device; `reason`: why it is out; `jobs`: what it makes now."""

    name: str
    status: EngineStatus
    reason: str | None = None
    jobs: tuple[str, ...] = ()
