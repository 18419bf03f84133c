"""What a stranger wrote into a clip does nothing to the terminal that shows it."""

from __future__ import annotations

from bot.cli.foreign_text import shown


def test_escapes_and_turned_text_are_shown_as_spaces_and_letters_stay() -> None:
    recipe = {"prompt": "sea\x1b]0;title\x07 \x9b31m\u202edna\x7f", "options": ["\x1b[2J", 3, None]}
    assert shown(recipe) == {"prompt": "sea ]0;title   31m dna ", "options": [" [2J", 3, None]}
    assert shown("Möwe über 海, один\u00a0🌊") == "Möwe über 海, один\u00a0🌊"
