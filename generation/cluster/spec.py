"""What the bot tells its bridge to a cluster, and the bridge each card: data, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from generation.adapter import Adapter
from generation.engine.protocol import Capabilities
from generation.events import PhaseName
from generation.media.provenance import Signer

LOCAL = "local"
"""The address of a head that the bridge starts on this machine, and ends with itself."""


@dataclass(frozen=True, slots=True)
class CardSpec:
    """How a card's engine is started on its machine: `program` is what follows Python there.

    `device`: what its cards are called, such as `cuda`; `deadlines` as of an `EngineProcess`;
    `photoplay`: the version that all have to have.
    """

    program: tuple[str, ...]
    known: Capabilities
    deadlines: Mapping[PhaseName, float]
    device: str = "cuda"
    photoplay: str = field(default_factory=lambda: version("photoplay"))

    def to_json(self) -> str:
        return _CARD.dump_json(self).decode()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds: between two looks at the cluster, two signs of life of a card, and two pings.

    `join`: to be let in, or a port where something else listens would hold Ray for ever;
    `silence`: after which a card that works is given up; `placing`: one that is to begin;
    `first_pause`, `longest_pause`: before a card that failed is tried again.
    """

    join: float = 60.0
    look: float = 2.0
    beat: float = 3.0
    ping: float = 5.0
    silence: float = 15.0
    placing: float = 120.0
    first_pause: float = 2.0
    longest_pause: float = 600.0


@dataclass(frozen=True, slots=True)
class ClusterSpec:
    """`name`: the engine's; `cards`: how many a `LOCAL` one has; `signer` signs what arrives."""

    name: str
    address: str
    card: CardSpec
    cards: int = 1
    signer: Signer | None = None
    rhythm: Rhythm = field(default_factory=Rhythm)

    def to_json(self) -> str:
        return _CLUSTER.dump_json(self).decode()


def parse_card(text: str) -> CardSpec:
    """Raises `ValueError`, as with what another version has written."""
    return _CARD.validate_json(text)


def parse_cluster(text: str) -> ClusterSpec:
    """Raises `ValueError` (of which pydantic's `ValidationError` is one)."""
    return _CLUSTER.validate_json(text)


_CARD: Adapter[CardSpec] = Adapter(CardSpec)
_CLUSTER: Adapter[ClusterSpec] = Adapter(ClusterSpec)
