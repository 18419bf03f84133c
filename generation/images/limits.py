"""What counts as a picture here: the contract's numbers, shared by both sides of the decoder."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 25_000_000
MAX_PIXELS: Final = 64_000_000
MIN_SIDE: Final = 64
"""Pixels of the shorter side, before anything is scaled."""
MAX_ASPECT: Final = 4
"""Longer side by shorter side."""

LONG_SIDE: Final = 2560
"""Pixels to which larger pictures are scaled down: twice the longest side of a clip, so that
cropping and moving inside the picture still has detail to show."""

SECONDS: Final = 20
"""Seconds of the processor's time for one picture: what it costs, however busy the machine is."""
PATIENCE: Final = 60.0
"""Seconds on the clock, after which a decoder is ended that did not get so much of it."""
TOLERATED_LOSS: Final = 0.05
"""Share of a cut-off picture that may be missing: more is seen."""
MEMORY_BYTES: Final = 2 << 30
"""Address space of the child."""
