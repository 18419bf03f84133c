"""The panel under a bare picture: toggled in place, begun by its first button, remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.language.catalogue import load_texts
from bot.platforms.telegram.panel import (
    LENGTHS,
    ClipShape,
    PanelBegun,
    PanelChoice,
    PanelTurned,
    PanelView,
    panel,
    parse_panel,
)
from generation.directions.vocabulary import Effect, Motion
from generation.jobs import Requester
from tests.bot.platforms.telegram.test_story import labels
from tests.bot.platforms.telegram.test_ways_in import question, taps
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import PRIVATE

slow = pytest.mark.slow

LONGEST = PanelChoice(
    max(Motion, key=len), max(Effect, key=len), max(LENGTHS, key=len), max(ClipShape, key=len)
)


@pytest.mark.parametrize("view", PanelView)
@pytest.mark.parametrize("choice", [PanelChoice(), LONGEST])
def test_every_button_fits_and_says_what_it_does_and_the_first_one_begins(
    view: PanelView, choice: PanelChoice
) -> None:
    rows = panel(view, choice, load_texts().of("en")).inline_keyboard
    buttons = [button for row in rows for button in row]
    assert parse_panel(str(buttons[0].callback_data)) == PanelBegun(choice)
    assert buttons[0].text.startswith("▶")
    for button in buttons[1:]:
        data = str(button.callback_data)
        assert len(data.encode()) <= 64
        assert isinstance(parse_panel(data), PanelTurned)
    if view is not PanelView.ALL:
        assert parse_panel(str(buttons[-1].callback_data)) == PanelTurned(PanelView.ALL, choice)


@pytest.mark.parametrize(
    ("data", "means"),
    [
        ("v1|wish|any|", PanelBegun(PanelChoice())),
        ("v1|wish|motion|zoom-in", PanelBegun(PanelChoice(motion=Motion.ZOOM_IN))),
        ("v1|wish|seconds|4", PanelBegun(PanelChoice(seconds="4"))),
        ("v1|wish|size|480x704", PanelBegun(PanelChoice(shape=ClipShape.TALL))),
        ("v1|wish|size|1024x576", PanelBegun(PanelChoice(shape=ClipShape.WIDE))),
        ("v1|wish|size|512x512", PanelBegun(PanelChoice(shape=ClipShape.SQUARE))),
        ("v1|wish|size|", PanelTurned(PanelView.SHAPE, PanelChoice())),
        ("v1|wish|effect|", PanelTurned(PanelView.EFFECT, PanelChoice())),
        ("v1|wish|effect|sharknado", None),
        ("v1|begin|auto.auto.3.wide", None),
        ("v1|panel|colour|auto.auto.4.wide", None),
    ],
)
def test_the_buttons_of_an_older_version_still_do_what_they_say(data: str, means: object) -> None:
    assert parse_panel(data) == means


async def tap(at: Talk, message: dict[str, Any], begins: str) -> dict[str, Any]:
    """Press the button whose label begins like this; the message as it then stands."""
    [data] = [data for label, data in taps(message).items() if label.startswith(begins)]
    press = await at.telegram.press(message, data)
    await at.telegram.until(lambda: at.telegram.answered(press))
    known = at.telegram.chat().messages.get(message["message_id"], {})
    return message | {"reply_markup": known.get("reply_markup")}


@slow
async def test_what_is_toggled_stands_on_the_panel_and_becomes_the_clip(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        at_first = await question(at)
        assert labels(at_first)[1:] == [
            "Camera: From the prompt",
            "Weather: From the prompt",
            "Length: as usual",
            "Shape: as the picture",
        ]
        shown = await tap(at, at_first, "Camera")
        assert "✓ From the prompt" in labels(shown)
        shown = await tap(at, shown, "◀")
        assert labels(shown) == labels(at_first)
        for option, value in (
            ("Camera", "Tilt up"),
            ("Weather", "Fog"),
            ("Length", "4"),
            ("Shape", "tall"),
        ):
            shown = await tap(at, await tap(at, shown, option), value)
        assert labels(shown)[1:] == [
            "Camera: Tilt up",
            "Weather: Fog",
            "Length: 4 s",
            "Shape: tall",
        ]
        assert at.engine.begun.empty()
        await tap(at, shown, "▶")
        request = (await at.begun()).request
        assert (request.motion, request.effect, request.num_frames) == ("tilt-up", "fog", 97)
        assert request.height > request.width
        await at.telegram.until(lambda: len(at.telegram.shown()) == 1)


@slow
async def test_the_last_choice_is_remembered_per_person_until_they_are_forgotten(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        shown = await tap(at, await question(at), "Weather")
        await tap(at, shown, "Snow")
        await at.restart()
        await at.photo(None)
        await at.telegram.until(lambda: len(at.telegram.shown()) == 2)
        assert "Weather: Snow" in labels(at.telegram.shown()[-1])
        await at.photo(None, chat=66, user=66)
        await at.said(66)
        assert "Weather: From the prompt" in labels(at.telegram.shown(66)[-1])
        choices = at.home.core.store.last_choices
        await at.home.service.forget(Requester("telegram", str(PRIVATE)))
        assert await choices.of(Requester("telegram", str(PRIVATE))) is None


@slow
async def test_words_for_the_picture_go_with_what_its_panel_shows(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        shown = await tap(at, await question(at), "Weather")
        await tap(at, shown, "Snow")
        await at.telegram.say(text="motion=pan-left it smiles")
        animation = await at.begun()
        request = animation.request
        assert (request.prompt, request.motion, request.effect) == ("it smiles", "pan-left", "snow")
        await at.finish(animation)
        await at.photo("/animate seconds=1 plain words, no panel")
        assert (await at.begun()).request.effect == "auto"


@slow
async def test_a_tap_uses_the_picture_up_so_that_thanks_are_no_prompt(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await tap(at, await question(at), "▶")
        await at.finish()
        await at.clip()
        await at.telegram.say(text="thank you")
        await at.telegram.until(lambda: "Send me a picture" in str(at.telegram.shown()))
        await settled()
        assert at.engine.begun.empty()
