"""What the bot says of itself on Telegram: menus, descriptions, the button that opens the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import partial

import structlog
import telegram

from bot.language.catalogue import LOCALES, Texts
from bot.platforms.telegram.commands import COMMANDS
from bot.platforms.telegram.trouble import TROUBLE

log = structlog.get_logger(__name__)

Menu = list[telegram.BotCommand]

SPOKEN = tuple(dict.fromkeys(locale.partition("-")[0] for locale in LOCALES))
"""Telegram knows a language by two letters: one Chinese is said here, answers are in both."""


class Introduction:
    """Written only where it reads otherwise: Telegram takes few such changes.

    `admins` are the operators' ids, `page` is where people reach the page, if anywhere.
    """

    def __init__(
        self,
        bot: Callable[[], telegram.Bot],
        texts: Texts,
        admins: Collection[int],
        page: str | None,
    ) -> None:
        self._bot = bot
        self._texts = texts
        self._admins = admins
        self._page = page

    async def give(self) -> None:
        """Each part for itself: whatever stood there before still serves."""
        for locale in SPOKEN:
            code = None if locale == LOCALES[0] else locale
            await _tried("menu", partial(self._commands, locale, code))
            await _tried("staffs_menu", partial(self._of_staff, locale, code))
            await _tried("description", partial(self._description, locale, code))
            await _tried("short_description", partial(self._short_description, locale, code))
        await _tried("button", self._button)
        for admin in self._admins:
            await _tried("operators_menu", partial(self._of_operator, admin))

    async def _commands(self, locale: str, code: str | None) -> None:
        menu = self._menu(locale, COMMANDS)
        if list(await self._bot().get_my_commands(language_code=code)) != menu:
            await self._bot().set_my_commands(menu, language_code=code)

    async def _of_staff(self, locale: str, code: str | None) -> None:
        """In groups whoever runs them sees more."""
        scope = telegram.BotCommandScopeAllChatAdministrators()
        menu = self._menu(locale, (*COMMANDS, "settings"))
        if list(await self._bot().get_my_commands(scope, language_code=code)) != menu:
            await self._bot().set_my_commands(menu, scope, language_code=code)

    async def _description(self, locale: str, code: str | None) -> None:
        wanted = self._texts.of(locale).say("telegram.profile.description")
        known = await self._bot().get_my_description(language_code=code)
        if known.description != wanted:
            await self._bot().set_my_description(wanted, language_code=code)

    async def _short_description(self, locale: str, code: str | None) -> None:
        wanted = self._texts.of(locale).say("telegram.profile.short_description")
        known = await self._bot().get_my_short_description(language_code=code)
        if known.short_description != wanted:
            await self._bot().set_my_short_description(wanted, language_code=code)

    async def _button(self) -> None:
        """One of an operator's own stays; ours goes where there is no page any more."""
        label = self._texts.of(None).say("telegram.profile.page")
        known = await self._bot().get_chat_menu_button()
        ours = isinstance(known, telegram.MenuButtonWebApp) and known.text == label
        if self._page is None or not self._page.startswith("https://"):  # all that Telegram opens
            if ours:
                await self._bot().set_chat_menu_button(menu_button=telegram.MenuButtonDefault())
            return
        button = telegram.MenuButtonWebApp(label, telegram.WebAppInfo(self._page))
        if known != button and (ours or not isinstance(known, telegram.MenuButtonWebApp)):
            await self._bot().set_chat_menu_button(menu_button=button)

    async def _of_operator(self, admin: int) -> None:
        """Refused for one who has never written to the bot."""
        scope = telegram.BotCommandScopeChat(admin)
        for locale in SPOKEN:
            code = None if locale == LOCALES[0] else locale
            menu = self._menu(locale, (*COMMANDS, "admin"))
            known = await self._bot().get_my_commands(scope, language_code=code)
            if list(known) != menu:
                await self._bot().set_my_commands(menu, scope, language_code=code)

    def _menu(self, locale: str, names: Collection[str]) -> Menu:
        catalogue = self._texts.of(locale)
        return [
            telegram.BotCommand(name, catalogue.say(f"telegram.command.{name}")) for name in names
        ]


async def _tried(what: str, give: Callable[[], Awaitable[None]]) -> None:
    try:
        await give()
    except TROUBLE as error:
        log.warning("not_introduced", what=what, reason=str(error))
