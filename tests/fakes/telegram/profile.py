"""What a bot says of itself on Telegram, its menus and its button, within their limits."""

from __future__ import annotations

import json
from typing import Any

from lo_bot_api_emulator import ApiRefusal

LIMITS = {"description": 512, "short_description": 120}
"""UTF-16 code units (setMyDescription, setMyShortDescription)."""


class Profile:
    """`said` is by name and language, `operators` are menus by chat and language."""

    def __init__(self) -> None:
        self.menu: dict[str, Any] = {}
        self.staff: dict[str, Any] = {}
        self.operators: dict[int, dict[str, Any]] = {}
        self.said: dict[str, dict[str, str]] = {name: {} for name in LIMITS}
        self.button: dict[str, Any] = {"type": "commands"}

    def answer(self, method: str, fields: dict[str, Any]) -> Any:
        """The result, where the method is about this; else `None`."""
        language = fields.get("language_code", "")
        match method:
            case "setMyCommands" | "getMyCommands":
                return self._commands(method, fields, language)
            case "getMyDescription" | "getMyShortDescription":
                name = _name(method)
                said = self.said[name]
                return {name: said.get(language, said.get("", ""))}
            case "setMyDescription" | "setMyShortDescription":
                return self._say(_name(method), language, fields)
            case "getChatMenuButton":
                return self.button
            case "setChatMenuButton":
                self.button = json.loads(fields["menu_button"])
                url = self.button.get("web_app", {}).get("url", "https://")
                if not url.startswith("https://"):
                    raise ApiRefusal("Bad Request: Web App URL must be HTTPS")
                return True
            case _:
                return None

    def _commands(self, method: str, fields: dict[str, Any], language: str) -> Any:
        scope = json.loads(fields["scope"]) if "scope" in fields else {"type": "default"}
        menu = self.staff if scope["type"] == "all_chat_administrators" else self.menu
        if scope["type"] == "chat":
            if (chat := int(scope["chat_id"])) == STRANGER:
                raise ApiRefusal("Bad Request: chat not found")
            menu = self.operators.setdefault(chat, {})
        if method == "getMyCommands":
            return menu.get(language, [])
        menu[language] = fields["commands"]
        return True

    def _say(self, name: str, language: str, fields: dict[str, Any]) -> bool:
        text = fields.get(name, "")
        if len(text.encode("utf-16-le")) // 2 > LIMITS[name]:
            raise ApiRefusal(f"Bad Request: bot {name} is too long")
        self.said[name][language] = text
        return True


STRANGER = 99
"""Has never written to the bot."""


def _name(method: str) -> str:
    return "short_description" if "Short" in method else "description"
