"""What is typed wrongly is said in one sentence of ours, in the person's language."""

from __future__ import annotations

import pytest
import typer

from bot.cli.commands import app
from bot.cli.misuse import ENGINES, misuse
from bot.cli.parameters import EngineName
from bot.language.catalogue import LOCALES, load_texts

MISUSES = {
    "animate photo.png --seed 4,5": "Seed: please write a whole number.",
    "animate photo.png --frames many": "Number of frames: please write a whole number.",
    "animate photo.png --steps 1e3": "Steps: please write a whole number.",
    "animate photo.png --fps 1.5": "Frames a second: please write a whole number.",
    "animate photo.png --seconds abc": "Seconds: please write a number.",
    "animate photo.png --guidance 4,5,6": "Guidance: please write a number.",
    "animate photo.png --strength x": "Picture strength: please write a number.",
    "animate photo.png --motion nonsense": "Motion: please choose auto, still, pan-left,",
    "animate photo.png --effect hail": "Effect: please choose auto, none, rain, ",
    "animate photo.png --engine v8": "--engine: please choose auto, camera, ltx, or videos.",
    "animate photo.png --size large": "such as 704x480.",
    "animate photo.png --keyframe middle.jpg": "such as 2.5=middle.jpg.",
    "animate photo.png --keyframe soon=middle.jpg": "such as 2.5=middle.jpg.",
    "animate photo.png --end": "--end needs a value behind it.",
    "animate photo.png --loop=yes": "--loop stands alone;",
    "animate photo.png --sed 3": "There is no option --sed; perhaps you mean --seed",
    "animate photo.png --q": "There is no option --q. `photoplay animate --help` shows",
    "animate": "Something is missing: IMAGE. `photoplay animate --help` shows",
    "run --port http": "--port: please write a whole number.",
    "queue list --page 0": "--page takes a whole number, 1 or more.",
    "queue cancel": "Something is missing: ID.",
    "queue cancel one two": "That is more than this command takes;",
    "queue stop": "There is no such command; please choose list, pause, resume, drain, or cancel.",
    "dance": "There is no such command; please choose run, animate, film,",
}
TEXTS = load_texts()


@pytest.mark.parametrize(("line", "said"), MISUSES.items())
def test_a_sentence_of_ours_says_what_is_wrong(line: str, said: str) -> None:
    arguments = line.split()
    with pytest.raises(typer.TyperException) as caught:
        app(arguments, prog_name="photoplay", standalone_mode=False)
    sentences = {misuse(TEXTS.of(locale), caught.value, arguments) for locale in LOCALES}
    assert len(sentences) == len(LOCALES)
    assert any(said in sentence for sentence in sentences)
    assert all(caught.value.format_message() not in sentence for sentence in sentences)


def test_the_engines_are_those_that_the_command_takes() -> None:
    assert tuple(EngineName) == ENGINES
