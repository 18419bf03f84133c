"""What everybody should know of how the program runs, told by the page and to operators' tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DownloadOffer:
    """A model that would serve if its weights were here; `gigabytes` (10⁹ bytes) to download."""

    model: str
    gigabytes: float
    licence: str
    command: str


@dataclass(frozen=True, slots=True)
class Notices:
    """`engine`: such as why it is not the one people expect; `offer`: what to get for a better one;
    `stopped`: the platforms that serve nobody, each with the reason, also of those that stop later.
    """

    engine: str | None = None
    offer: DownloadOffer | None = None
    stopped: Mapping[str, str] = field(default_factory=dict)
