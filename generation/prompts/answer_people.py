"""People in a language model's answer whom nobody asked for, where no translation explains them."""

from __future__ import annotations

from generation.prompts.common_words import (
    PEOPLE,
    PERSON,
    PERSONAL,
    PERSONALS,
    SEVERAL,
    SOMEBODY,
    THINGS,
)
from generation.prompts.english import ENGLISH, FOREIGN, WORD
from generation.prompts.errors import NotWritten


def check_people(text: str, words: str) -> None:
    """Raises `NotWritten`; words that are not plainly English are never held against an answer."""
    said = _words(words)
    if not words.isascii() or said & FOREIGN or not said & (ENGLISH | PEOPLE | PERSON):
        return
    told = _words(text)
    several = bool(said & (PEOPLE | SEVERAL)) or _any_ends(said, PERSONALS)
    somebody = several or bool(said & (PERSON | SOMEBODY)) or _any_ends(said, PERSONAL)
    if (told & PEOPLE and not several) or (told & PERSON and not somebody):
        raise NotWritten("people whom nobody asked for")


def _any_ends(words: set[str], endings: tuple[str, ...]) -> bool:
    return any(word.endswith(endings) for word in words - THINGS)


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}
