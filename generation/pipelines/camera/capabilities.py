"""What the camera engine can do, for those who must not import numpy to know it."""

from __future__ import annotations

from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Capabilities

CAPABILITIES = Capabilities(
    engine="camera",
    model="camera",
    motions=frozenset(Motion),
    effects=frozenset(Effect),
    options=frozenset({"motion_strength", "extends", "loop", "boomerang"}),
)
