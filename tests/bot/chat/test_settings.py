"""What a place has set, written as whoever asks writes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.errors import UserError
from bot.chat.settings import PlaceNames, SettingsCommands, change_of
from bot.language.catalogue import load_texts
from bot.platforms.discord.pictures import check_size
from tests.fakes.program.chat import KIM, chatting

NAMES = PlaceNames(str, str, str, "channels")


@pytest.mark.parametrize(
    ("locale", "length", "size"),
    [("en", "1.5", "26.4 MB"), ("de", "1,5", "26,4 MB"), ("fr", "1,5", "26,4 Mo")],
)
async def test_numbers_are_written_as_each_language_does_and_taken_so_again(
    tmp_path: Path, locale: str, length: str, size: str
) -> None:
    staff = replace(KIM, locale=locale, identities=(*KIM.identities, "discord-guild:9"))
    async with chatting(tmp_path) as at:
        settings = SettingsCommands(at.submission.places, load_texts())
        await settings.change(staff, change_of("seconds", length))
        shown = await settings.show(staff, NAMES)
    assert any(line.endswith(f" {length}") for line in shown.splitlines()), shown
    with pytest.raises(UserError) as refused:
        check_size(26_400_000, load_texts().of(locale))
    assert size in refused.value.sentence.replace("\N{NO-BREAK SPACE}", " ")
