"""Makes the film of board.toml and the strip of it in the README; run it from the checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
from PIL import Image

HERE = Path(__file__).parent
PICTURES = ("coffee.jpg", "astronaut.png", "rocket.jpg")
FILM, STRIP = HERE / "launch.mp4", HERE / "launch.jpg"
COLUMNS, ROWS, TILE, GAP = 4, 3, 220, 6


def main() -> None:
    command = [sys.executable, "-m", "bot", "film", str(HERE / "board.toml"), "-o", str(FILM)]
    subprocess.run(command, check=True, cwd=HERE.parent)
    strip(FILM).save(STRIP, quality=82)


def strip(film: Path) -> Image.Image:
    """The pictures that went in, and below them frames of the film, evenly through it."""
    with av.open(str(film)) as container:
        frames = [frame.to_image() for frame in container.decode(video=0)]
    count = COLUMNS * ROWS
    chosen = [frames[round(index * (len(frames) - 1) / (count - 1))] for index in range(count)]
    height = round(TILE * chosen[0].height / chosen[0].width)
    width = COLUMNS * (TILE + GAP) - GAP
    sheet = Image.new("RGB", (width, (ROWS + 1) * (height + GAP) + 2 * GAP), "white")
    for index, name in enumerate(PICTURES):
        picture = Image.open(HERE / name).convert("RGB")
        picture.thumbnail((TILE, height), Image.Resampling.LANCZOS)
        sheet.paste(picture, (index * (TILE + GAP), 0))
    for index, frame in enumerate(chosen):
        row, column = divmod(index, COLUMNS)
        small = frame.resize((TILE, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (column * (TILE + GAP), (row + 1) * (height + GAP) + 2 * GAP))
    return sheet


if __name__ == "__main__":
    main()
