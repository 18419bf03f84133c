"""How the engines stand, in as few lines as a chat has room for: what is wrong comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.language.catalogue import Catalogue
from generation.dispatch.engine_state import EngineState, EngineStatus

LINES = 12
"""A cluster may have hundreds of cards; `photoplay queue` shows them all."""

REASON = 80
"""Characters of why one is left out."""

ORDER = (
    EngineStatus.OUT,
    EngineStatus.DRAINING,
    EngineStatus.STARTING,
    EngineStatus.WORKING,
    EngineStatus.IDLE,
)


def engine_lines(
    catalogue: Catalogue, states: Sequence[EngineState], clips: Mapping[str, int]
) -> list[str]:
    """`clips`: how many each has made in the last hour, by its name."""
    sorted_states = sorted(states, key=lambda one: ORDER.index(one.status))
    lines = [
        catalogue.say(
            "chat.admin.engine",
            name=one.name,
            model=one.model,
            state=_state(catalogue, one),
            clips=clips.get(one.name, 0),
        )
        for one in sorted_states[:LINES]
    ]
    whole = [_counted(catalogue, states)] if len(states) > 1 else []
    return [*whole, *lines, *(["…"] if len(states) > LINES else [])]


def _counted(catalogue: Catalogue, states: Sequence[EngineState]) -> str:
    counts = Counter(one.status for one in states)
    parts = [
        f"{catalogue.say(f'chat.admin.state_{status}')} {counts[status]}"
        for status in reversed(ORDER)
        if counts[status]
    ]
    return catalogue.say("chat.admin.engines", count=len(states), states=", ".join(parts))


def _state(catalogue: Catalogue, one: EngineState) -> str:
    said = catalogue.say(f"chat.admin.state_{one.status}")
    if one.reason is None:
        return said
    cut = one.reason if len(one.reason) <= REASON else f"{one.reason[: REASON - 1]}…"
    return f"{said} ({cut})"
