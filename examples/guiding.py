"""Draws the pictures of docs/guiding.md: what a model is shown, and what is left to it.

Run it from the checkout, with photoplay installed. No model is needed: the pictures say what each
setting is for, as sketches, and not how well a model does it.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from generation.directions.vocabulary import Motion
from generation.jobs import AnimationRequest
from generation.pipelines.camera.ends import ends
from generation.pipelines.ltx.learned_look import learned

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs" / "guiding"
CELL, GAP, LABEL = (224, 152), 12, 26
INK, PAPER, HELD = "#1f2430", "#ffffff", "#2f6fde"

Frame = tuple[Image.Image | None, str, float]
"""A picture or none, where the model finds its own; what is said of it; how firmly it is held."""


def row(frames: list[Frame]) -> Image.Image:
    """Frames in their order; the border of a given one is as strong as it is held."""
    width = len(frames) * (CELL[0] + GAP) + GAP
    sheet = Image.new("RGB", (width, CELL[1] + LABEL + 2 * GAP), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for index, (picture, text, held) in enumerate(frames):
        left, top = GAP + index * (CELL[0] + GAP), GAP
        box = (left, top, left + CELL[0], top + CELL[1])
        if picture is None:
            pen.rectangle(box, outline="#b8bfcc", width=1)
            pen.text((left + CELL[0] / 2, top + CELL[1] / 2), "…", INK, font, anchor="mm")
        else:
            sheet.paste(picture.resize(CELL), (left, top))
            if held:
                pen.rectangle(box, outline=HELD, width=max(1, round(6 * held)))
        pen.text((left, top + CELL[1] + 8), text, INK, font)
    return sheet


def stacked(rows: list[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (max(it.width for it in rows), sum(it.height for it in rows)), PAPER)
    top = 0
    for one in rows:
        sheet.paste(one, (0, top))
        top += one.height
    return sheet


def fitted(name: str) -> Image.Image:
    with Image.open(HERE / f"{name}.png") as picture:
        return ImageOps.fit(
            picture.convert("RGB"), (704, 480), Image.Resampling.LANCZOS, centering=(0.5, 0.1)
        )


def close(picture: Image.Image, at: tuple[float, float], share: float) -> Image.Image:
    """A part of it, around a place."""
    width, height = picture.width * share, picture.height * share
    left = min(max(picture.width * at[0] - width / 2, 0), picture.width - width)
    top = min(max(picture.height * at[1] - height / 2, 0), picture.height - height)
    box = (round(left), round(top), round(left + width), round(top + height))
    return picture.crop(box).resize(picture.size, Image.Resampling.LANCZOS)


def strength(cat: Image.Image) -> Image.Image:
    rows = []
    for held in (1.0, 0.9, 0.6):
        looser = close(cat, (0.6, 0.5), 1 - 0.5 * (1 - held))
        rows.append(
            row(
                [
                    (cat, f"given, strength {held:g}", held),
                    (looser, "first frame may look like this", 0),
                    (None, "the clip", 0),
                ]
            )
        )
    return stacked(rows)


def scene(woman: Image.Image) -> Image.Image:
    return row(
        [
            (woman, "0 s: the whole scene", 1.0),
            (close(woman, (0.42, 0.4), 0.65), "2 s: closer", 0.8),
            (close(woman, (0.42, 0.28), 0.42), "5 s: her face", 0.8),
        ]
    )


def guided(picture: Path) -> Image.Image:
    rows = []
    for motion in (Motion.PAN_RIGHT, Motion.ZOOM_IN, Motion.ORBIT_LEFT):
        request = AnimationRequest("", picture.name, 704, 480, 97, 24, seed=7, motion=motion)
        found = ends(picture, request)
        assert found
        first, last = (Image.fromarray(frame) for frame in found)
        label = motion.value
        rows.append(row([(first, f"{label}: begins", 1.0), (None, "", 0), (last, "ends", 0.5)]))
    return stacked(rows)


def looks(cat: Image.Image) -> Image.Image:
    eye = close(cat, (0.42, 0.45), 0.16)
    shown = [(close(learned(cat, crf), (0.42, 0.45), 0.16), f"CRF {crf}", 0.0) for crf in (29, 37)]
    return row([(eye, "as it was given", 0), *shown])


def main() -> None:
    cat, woman = fitted("chelsea"), fitted("astronaut")
    end = close(cat, (0.45, 0.5), 0.55)
    pictures = {
        "strength": strength(cat),
        "end": row([(cat, "0 s: the picture", 1.0), (None, "the way there", 0), (end, "end", 1.0)]),
        "keyframes": row(
            [
                (cat, "0 s", 1.0),
                (None, "", 0),
                (ImageOps.mirror(cat), "3 s: looks the other way", 1.0),
                (None, "", 0),
            ]
        ),
        "scene": scene(woman),
        "camera": guided(HERE / "astronaut.png"),
        "picture": looks(cat),
    }
    DOCS.mkdir(exist_ok=True)
    for name, picture in pictures.items():
        picture.save(DOCS / f"{name}.webp", quality=82)


if __name__ == "__main__":
    main()
