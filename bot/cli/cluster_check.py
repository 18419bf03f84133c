"""What `photoplay doctor` finds out about the cluster's cards, while no photoplay runs here."""

from __future__ import annotations

import asyncio

from bot.cli.finding import Finding
from bot.runtime.cluster_choice import NAME, cluster_engine
from bot.runtime.engine_choice import choose
from config.settings import Settings
from generation.cluster.engine import ClusterEngine
from generation.engine.cards import CardState, EngineStatus
from generation.engine.protocol import WorkerLost
from generation.errors import Misconfigured

SETTLING = 10.0
"""Seconds for the other cards, once the first one serves or has said why it does not."""

LOOK = 0.2

CURE = (
    "Is its head running, can this machine reach it, and is there a Ray of the same version here?"
)


async def cluster_findings(settings: Settings) -> list[Finding]:
    """A card that does not serve is a fault only where no other does."""
    if settings.cluster.address is None:
        return []
    try:
        spec = choose(settings).cluster
    except Misconfigured as error:
        return [Finding(f"engine {NAME}", False, True, error.message, "Mend the setting named.")]
    if spec is None:
        return []
    engine = cluster_engine(spec, settings)
    try:
        await engine.start()
        cards = await _settled(engine)
    except WorkerLost as lost:
        return [Finding(f"engine {NAME}", False, False, str(lost), CURE)]
    finally:
        await engine.close()
    alone = all(card.status is EngineStatus.OUT for card in cards)
    return [_told(card, engine.capabilities.model, alone) for card in cards]


async def _settled(engine: ClusterEngine) -> tuple[CardState, ...]:
    for _ in range(round(SETTLING / LOOK)):
        if all(card.status is not EngineStatus.STARTING for card in engine.cards):
            break
        await asyncio.sleep(LOOK)
    return engine.cards


def _told(card: CardState, model: str, alone: bool) -> Finding:
    name = f"engine {card.name}"
    if card.status is EngineStatus.OUT:
        cure = "Mend it on its machine; it is tried again by itself."
        return Finding(name, False, alone, f"It does not serve: {card.reason}", cure)
    if card.status is EngineStatus.STARTING:
        return Finding(name, True, False, "It still starts.")
    return Finding(name, True, False, f"{model}, one clip at once.")
