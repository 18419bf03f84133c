"""How each engine stands, for the operator: in `photoplay queue`, a chat, the metrics, the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class EngineStatus(StrEnum):
    """`out`: it does not start or has failed, and is tried again by itself."""

    STARTING = "starting"
    IDLE = "idle"
    WORKING = "working"
    DRAINING = "draining"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class EngineState:
    """`name` is its device or its server; `capacity`: how many clips it renders at once.

    `jobs`: what it makes now; `reason`: why it is out.
    """

    name: str
    engine: str
    model: str
    status: EngineStatus
    capacity: int
    jobs: tuple[str, ...] = ()
    reason: str | None = None

    def as_json(self, clips_an_hour: int) -> dict[str, Any]:
        return {**asdict(self), "clips_last_hour": clips_an_hour}
