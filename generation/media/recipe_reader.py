"""Reads a clip's recipe in a process of its own: somebody's MP4 is foreign bytes like any picture.

`python -m generation.media.recipe_reader CLIP` prints one JSON object: `recipe` (null where the
clip has none of ours) and `source`, or `broken`. Of all files it may only read this one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from generation.media.joining.film_recipe import read_film_recipe
from generation.media.marking import source_of
from generation.media.mp4_boxes import BrokenClip
from generation.media.recipe import read_recipe
from generation.sandbox.children import confine_reader


def read(path: Path) -> dict[str, object]:
    """What the clip says of itself; raises `BrokenClip` and `OSError`."""
    recipe = read_recipe(path)
    if recipe is not None:
        return {"recipe": json.loads(recipe.to_json()), "source": source_of(path)}
    return {"recipe": read_film_recipe(path), "source": source_of(path)}


def main() -> None:
    path = Path(sys.argv[1])
    confine_reader(path)
    try:
        answer = read(path)
    except (BrokenClip, OSError):
        answer = {"broken": True}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
