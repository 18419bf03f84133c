"""A language model's answer keeps to what was asked of camera and weather, or it is not used."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from generation.directions.vocabulary import Effect, Motion
from generation.prompts.answer_check import checked
from generation.prompts.answer_people import check_people
from generation.prompts.answer_wishes import kept_to
from generation.prompts.errors import NotWritten

ANSWERS = Path(__file__).parents[2] / "data" / "answers.toml"
GOOD = tomllib.loads(ANSWERS.read_text(encoding="utf-8"))["good"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (
            "eine Frau schaut nach vorn, kein Regen, die Kamera bewegt sich nicht",
            "A woman looks ahead. Rain falls and the camera slowly zooms in.",
        ),
        ("kein Regen", "Rain pours over the street."),
        ("雪なし、猫が歩く", "A cat walks while snowflakes drift down."),
        ("no rain, do not zoom in", "A man breathes. The camera slowly zooms in."),
        ("caméra fixe", "The camera glides forward and then orbits to the left."),
        ("pan left, but do not zoom", "The camera pans left while zooming in."),
        ("left pan", "The scene stirs as the camera pans to the right."),
        ("langsam heranzoomen", "The camera slowly pulls back."),
        ("langsam heranzoomen", "The camera remains static."),
        ("zoom in", "The camera zooms in and then pans to the right."),
        ("slowly tilt up", "The camera quickly tilts up."),
        ("zoom in, then pan left", "First the camera pans left. Then it zooms in."),
        ("zoom in, then pan left", "The camera pans to the left."),
        ("es schneit", "Rain falls on the roofs."),
        ("it is snowing", "Snow falls and rain pours down."),
        ("Sonnenuntergang am Meer", "Night falls over the sea and stars appear."),
        ("follow her", "She walks away. The camera stays still."),
        ("zoom in", "The camera moves away from the scene and reveals the room."),
        ("pan left", "The camera pans left and moves away from the scene."),
        ("camera still", "The camera orbits the statue with gentle parallax."),
        ("camera still", "The camera stays still, with a subtle handheld feel."),
        ("tilt up", "The camera tilts down to keep the castle in the frame."),
        ("zoom in", "The camera is static, with a subtle handheld feel."),
        ("snow", "The sun warms the green grass; it is a hot day with no snow."),
        ("rain", "The weather is dry and sunny without rain."),
        ("night", "It is broad daylight; the noon sun lights the whole street."),
        ("sunset", "The bright midday sun stands high in the clear blue sky."),
        ("rain, no fog", "Rain falls on the misty street."),
        ("it rains", "Rain turns into snow as mist hovers above the street."),
        ("dawn", "The sun rises. Then the sunset glows."),
    ],
)
def test_an_answer_that_turns_a_wish_round_is_not_used(words: str, answer: str) -> None:
    with pytest.raises(NotWritten):
        kept_to(answer, words, Motion.AUTO, Effect.AUTO)


@pytest.mark.parametrize(
    ("motion", "effect", "answer"),
    [
        (Motion.STILL, Effect.AUTO, "The camera zooms in."),
        (Motion.PAN_LEFT, Effect.AUTO, "The camera pans to the right."),
        (Motion.AUTO, Effect.SNOW, "It begins to rain."),
        (Motion.AUTO, Effect.NONE, "It rains on the town."),
    ],
)
def test_what_was_chosen_by_name_is_not_turned_round_either(
    motion: Motion, effect: Effect, answer: str
) -> None:
    with pytest.raises(NotWritten):
        kept_to(answer, "a woman smiles", motion, effect)


@pytest.mark.parametrize(
    ("words", "answer", "further"),
    [
        ("it rains, pan left", "Waves roll in.", "The camera pans slowly to the left. Rain."),
        ("die Kamera bewegt sich nicht", "A man smiles.", "The camera stays completely still."),
        (
            "zoom in, then pan left, snow",
            "Snow falls as the camera zooms in.",
            "Then the camera pans slowly to the left.",
        ),
        (
            "zoom in while panning left",
            "The camera pans left.",
            "At the same time the camera zooms in slowly.",
        ),
        ("pan across the valley", "The camera pans slowly to the left.", ""),
        ("follow her", "The camera tracks to the left alongside her.", ""),
        ("handheld", "A handheld shot follows her.", ""),
        ("no rain", "No rain falls and not a drop of rain is seen.", ""),
        ("zoom in", "The camera moves closer, drifting softly.", ""),
        ("orbit left", "The camera orbits to the left with gentle parallax.", ""),
        ("pan left", "The camera pans left, away from the window and toward the door.", ""),
        ("slowly zoom in", "The scene opens with a static shot before the camera zooms in.", ""),
        ("slowly zoom in", "The camera slowly zooms in, with a subtle handheld feel.", ""),
        ("rain", "Rain falls on the misty street and the lights glow.", ""),
        ("snow", "Snow falls and a cold haze hangs in the air.", ""),
        ("fog", "Fog drifts through the trees, and dew falls like rain.", ""),
        ("dawn", "The sun rises over the hills and the night fades away.", ""),
        ("make it night", "The sun goes down and night falls over the house.", ""),
        ("kein Nebel", "The air is clear and free from fog, with a view to the hills.", ""),
        ("no rain", "A dry, rain-free afternoon on the street.", ""),
        ("no snow", "The snow has melted and the grass is green on the hills.", ""),
    ],
)
def test_what_an_answer_leaves_out_is_said_by_us(words: str, answer: str, further: str) -> None:
    further = further.replace("Rain.", "It begins to rain.")
    assert kept_to(answer, words, Motion.AUTO, Effect.AUTO) == f"{answer} {further}".strip()


def test_good_answers_of_a_language_model_are_used() -> None:
    refused = {}
    for one in GOOD:
        try:
            text = checked(one["answer"], one["words"])
            check_people(text, one["words"])
            kept_to(text, one["words"], Motion.AUTO, Effect.AUTO)
        except NotWritten as error:
            refused[one["words"]] = str(error)
    assert len(GOOD) == 55
    assert not refused
