"""A decoder that somebody has broken into: the real one up to its first byte, then an attacker.

What it is told is no picture but its targets; what it answers is a picture of how it fared.
"""

from __future__ import annotations

import json
import sys

from PIL import Image

from generation.images.decoder import main
from generation.images.formats import PictureFormat
from generation.images.pixels import Upright
from tests.fakes.sandbox.attempts import outcomes, own_work

WIDTH = 64


def attack(data: bytes) -> Upright:
    targets = json.loads(data)
    said = json.dumps({**outcomes(targets), "own work": own_work()}).encode()
    lines = -(-len(said) // (3 * WIDTH))
    image = Image.frombytes("RGB", (WIDTH, lines), said.ljust(3 * WIDTH * lines))
    return Upright(image, WIDTH, lines, PictureFormat.PNG, missing=0.0)


if __name__ == "__main__":
    sys.exit(main(decode=attack))
