"""How each engine stands, for the operator: in `photoplay queue`, a chat, the metrics, the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from generation.engine.cards import CardState
from generation.engine.cards import EngineStatus as EngineStatus

AWAY = frozenset({EngineStatus.OUT, EngineStatus.DRAINING})
NOT_SERVING = AWAY | {EngineStatus.STARTING}


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


def of_card(whole: EngineState, card: CardState) -> EngineState:
    """One card of an engine, told like an engine of its own."""
    capacity = 0 if card.status in NOT_SERVING else 1
    return replace(
        whole,
        name=card.name,
        status=card.status,
        capacity=capacity,
        jobs=card.jobs,
        reason=card.reason,
    )
