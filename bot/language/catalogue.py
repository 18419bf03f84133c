"""Every sentence a person reads in a chat, in their language or the nearest one we have."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

LOCALES = ("en", "de", "fr", "es", "ja", "zh")
"""The first is what everybody gets whose language we do not have."""


class Catalogue:
    """The sentences of one locale."""

    def __init__(self, locale: str, sentences: Mapping[str, str]) -> None:
        self.locale = locale
        self._sentences = sentences

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._sentences)

    def sentence(self, key: str) -> str:
        """The sentence as it is written down, with its placeholders; raises `KeyError`."""
        return self._sentences[key]

    def say(self, key: str, /, **values: str | int) -> str:
        """`chat.waiting.next`: file, table, name. Raises `KeyError` for a key that is not there."""
        return self._sentences[key].format_map(values)


class Texts:
    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._catalogues = catalogues

    def of(self, locale: str | None) -> Catalogue:
        """The nearest catalogue: `zh-CN` reads zh, `pt-BR` and `None` read English."""
        language = (locale or "").replace("_", "-").partition("-")[0].lower()
        return self._catalogues.get(language) or self._catalogues[LOCALES[0]]


def load_texts() -> Texts:
    """Read every catalogue; called once, by the composition root."""
    return Texts({locale: Catalogue(locale, dict(_sentences(locale))) for locale in LOCALES})


def _sentences(locale: str) -> Iterator[tuple[str, str]]:
    for file in (resources.files("bot.language") / "locales" / locale).iterdir():
        if file.name.endswith(".toml"):
            yield from _flat(
                file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8"))
            )


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}.{name}", value
        else:
            yield from _flat(f"{prefix}.{name}", value)
