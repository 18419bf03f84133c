"""What Discord's own menus say in every language: names and descriptions out of the catalogue."""

from __future__ import annotations

from discord import Locale, app_commands
from discord.app_commands import locale_str

from bot.language.catalogue import LOCALES, Catalogue, Texts


def phrase(english: Catalogue, key: str) -> locale_str:
    """A text that Discord shows in its menus, in English until it is translated."""
    return locale_str(english.say(key), key=key)


class Translation(app_commands.Translator):
    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts

    async def translate(
        self,
        string: locale_str,
        locale: Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """`None` where the language is English or one we do not have: Discord falls back to it."""
        key = string.extras.get("key")
        catalogue = self._texts.of(locale.value)
        if key is None or catalogue.locale == LOCALES[0]:
            return None
        return catalogue.say(key)
