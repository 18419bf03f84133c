"""Every sentence a person reads, in their language or the nearest one we have."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from bot.language import numbers
from bot.language.cldr import LANGUAGES
from generation.facts import Fact

LOCALES = ("en", "de", "fr", "es", "ja", "zh", "zh-TW", "pt-BR", "ru", "ko", "it")
"""The first is what everybody gets whose language we do not have."""

ONLY = {"pt": "pt-BR"}
"""Languages that we have as one country writes them, for everybody who reads them."""

TRADITIONAL = frozenset(("hant", "tw", "hk", "mo"))
"""What a Chinese locale is told by whose readers write traditional characters."""

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What says which language a terminal's programs speak; the first that is set counts."""

OTHER = "other"
"""The plural form that every language has."""


@dataclass(frozen=True, slots=True)
class Plural:
    """A sentence with a form for each number of `by`: {by = "most", one = "…", other = "…"}."""

    by: str
    forms: Mapping[str, str]


Sentence = str | Plural


class Catalogue:
    """The sentences of one locale.

    A placeholder may say how its fact is written: `{seconds:.1}` with at most one digit after the
    separator, `{seconds:.1f}` with exactly one, `{place:ordinal}`, `{wait:duration}`,
    `{size:bytes}`, `{size:pixels}`, `{known:or}`, and `{motion:directions.motion}` by the sentence
    that is found under this key and the fact.
    """

    def __init__(self, locale: str, sentences: Mapping[str, Sentence]) -> None:
        self.locale = locale
        self._language = LANGUAGES[locale]
        self._sentences = sentences
        self._writer = _Writer(self)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._sentences)

    def forms(self, key: str) -> Mapping[str, str]:
        """A sentence as it is written down, in every plural form; raises `KeyError`."""
        sentence = self._sentences[key]
        return sentence.forms if isinstance(sentence, Plural) else {OTHER: sentence}

    def sentence(self, key: str) -> str:
        """The sentence as it is written down, with its placeholders; raises `KeyError`."""
        return self.forms(key)[OTHER]

    def say(self, key: str, /, **values: Fact) -> str:
        """`chat.waiting.next`: file, table, name. Raises `KeyError` for a key that is not there."""
        sentence = self._sentences[key]
        if isinstance(sentence, Plural):
            count = values[sentence.by]
            form = self._language.plural(count if isinstance(count, int | float) else 0)
            sentence = sentence.forms.get(form, sentence.forms[OTHER])
        return self._writer.vformat(sentence, (), values)

    def written(self, value: Fact, how: str) -> str:
        """A fact as a placeholder with `:how` shows it."""
        match value, how:
            case float() | int(), "duration":
                return self.duration(value)
            case int(), "bytes":
                return numbers.size(self._language, value)
            case int(), "ordinal":
                return self._language.ordinal(value)
            case str(), "pixels":
                return value.replace("x", "×")
            case float() | int(), str() if how.startswith("."):
                digits, fixed = int(how[1]), how.endswith("f")
                return numbers.decimal(self._language, value, digits, fixed=fixed)
            case float(), "":
                return numbers.decimal(self._language, value, 2)
            case tuple(), "or":
                return numbers.listed(self._language.one_of, value)
            case tuple(), _:
                return self.listed([self._named(one, how) for one in value])
            case _:
                return self._named(str(value), how)

    def calling(self, options: Mapping[str, str]) -> Catalogue:
        """The same sentences for people who know options by other names, as keys of them say."""
        names = {f"options.{name}": self._sentences[key] for name, key in options.items()}
        return Catalogue(self.locale, {**self._sentences, **names})

    def duration(self, seconds: float) -> str:
        """`about 40 s`: steps of ten under a minute and a half, since it is an estimate."""
        if seconds < 10:
            return self.say("chat.time.seconds", count=max(round(seconds), 1))
        if seconds < 90:
            return self.say("chat.time.seconds", count=round(seconds / 10) * 10)
        if seconds < 5400:
            return self.say("chat.time.minutes", count=round(seconds / 60))
        return self.say("chat.time.hours", count=round(seconds / 3600))

    def listed(self, items: Sequence[str]) -> str:
        return numbers.listed(self._language.all_of, items)

    def _named(self, value: str, prefix: str) -> str:
        """What the catalogue calls it; what it has no name for stays as it is."""
        key = f"{prefix}.{value}"
        return self.say(key) if prefix and key in self._sentences else value


class _Writer(Formatter):
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def format_field(self, value: Any, format_spec: str) -> str:
        return self._catalogue.written(value, format_spec)


class Texts:
    """`files`: what each locale has in its own, understood once somebody speaks it."""

    def __init__(self, files: Mapping[str, Mapping[str, str]]) -> None:
        self._files = files
        self._understood: dict[str, Catalogue] = {}

    def of(self, locale: str | None) -> Catalogue:
        """The nearest catalogue: `zh-HK` reads zh-TW, `pt` pt-BR, `nl` and `None` English."""
        return self._known(locale or "") or self._catalogue(LOCALES[0])

    def accepted(self, header: str | None) -> Catalogue:
        """For an `Accept-Language` header the best of what it names; without one English."""
        for locale in _by_weight(header or ""):
            if found := self._known(locale):
                return found
        return self._catalogue(LOCALES[0])

    def of_environment(self, environment: Mapping[str, str]) -> Catalogue:
        """For a terminal, by the variables that every program there follows, as gettext reads them.

        `LANGUAGE` names several, the best first, and counts for nothing where the locale is `C`.
        """
        locale = next((value for name in LOCALE if (value := environment.get(name))), "")
        if locale not in ("C", "POSIX") and (several := environment.get("LANGUAGE")):
            known = (self._known(_plain(one)) for one in several.split(":"))
            return next((one for one in known if one), self._catalogue(LOCALES[0]))
        return self.of(_plain(locale))

    def _known(self, locale: str) -> Catalogue | None:
        language, *rest = locale.replace("_", "-").lower().split("-")
        if language == "zh" and "hans" not in rest and TRADITIONAL.intersection(rest):
            return self._catalogue("zh-TW")
        known = ONLY.get(language, language)
        return self._catalogue(known) if known in self._files else None

    def _catalogue(self, locale: str) -> Catalogue:
        if locale not in self._understood:
            self._understood[locale] = Catalogue(locale, dict(_sentences(self._files[locale])))
        return self._understood[locale]


def _plain(locale: str) -> str:
    """`sr_RS.UTF-8@latin` without how it is encoded or spelled."""
    return locale.partition("@")[0].partition(".")[0]


def _by_weight(header: str) -> list[str]:
    """`de;q=0.5, fr` is fr, then de; what a browser does not want is left out."""
    weights: list[tuple[float, str]] = []
    for part in header.split(","):
        locale, _, weight = part.partition(";q=")
        try:
            weights.append((float(weight or 1), locale.strip()))
        except ValueError:
            continue
    return [locale for weight, locale in sorted(weights, key=lambda one: -one[0]) if weight > 0]


@cache
def load_texts() -> Texts:
    """Every catalogue, all read at the first call: an upgrade beneath a running program is none."""
    return Texts({locale: _files(locale) for locale in LOCALES})


def _files(locale: str) -> dict[str, str]:
    """What is in its files, by their names."""
    folder = resources.files("bot.language") / "locales" / locale
    return {
        file.name.removesuffix(".toml"): file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }


def _sentences(files: Mapping[str, str]) -> Iterator[tuple[str, Sentence]]:
    for name, text in files.items():
        yield from _flat(name, tomllib.loads(text))


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Sentence]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}.{name}", value
        elif "by" in value:
            forms = {form: text for form, text in value.items() if form != "by"}
            yield f"{prefix}.{name}", Plural(value["by"], forms)
        else:
            yield from _flat(f"{prefix}.{name}", value)
