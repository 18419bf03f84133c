"""Pictures and sound in memory, as pipelines make them and the encoder takes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.uint8]
"""Shape (frames, height, width, 3), RGB, 0-255."""

Picture = NDArray[np.uint8]
"""Shape (height, width, 3), RGB, 0-255."""

Field = NDArray[np.float32]
"""Shape (height, width), or with channels behind: a map of something, mostly 0 to 1."""

Samples = NDArray[np.float32]
"""Shape (channels, samples), 1 or 2 channels, -1 to 1."""
