"""People in a language model's answer whom nobody asked for, where no translation explains them."""

from __future__ import annotations

import re

from generation.prompts.common_words import (
    ACTIVITIES,
    PEOPLE,
    PERSON,
    PERSONAL,
    PERSONALS,
    RELATIVES,
    SEVERAL,
    SOMEBODY,
    THINGS,
    UNINHABITED,
    WORKERS,
)
from generation.prompts.english import ENGLISH, FOREIGN, WORD
from generation.prompts.errors import NotWritten

NONE = re.compile(
    r"\b(?:no|without(?: any)?|ohne|keine|sans|sin|senza|sem)\s+(?:other\s+)?"
    r"(?:people|persons?|humans?|man|woman|men|women|children|kids|crowds?|menschen|leute|personen"
    r"|personnes?|gens|personas|gente|persone|pessoas)\b"
    r"|\b(?:nobody|no one)\b",
    re.IGNORECASE,
)
"""In whichever language: people who are not to be."""

CLAUSE = re.compile(r"[.,;:!?—]+")
NO = re.compile(r"\b(?:no|not|nobody|without|free (?:of|from)|\w+n't)\b", re.IGNORECASE)
FIGURE = re.compile(r"\b(?:lone|lonely|solitary) figure\b", re.IGNORECASE)


PICTURE = re.compile(r"\b(?:photo|photograph|picture)\b(?! of\b)", re.IGNORECASE)
"""One of whom or of what is not said: it may be of people."""


def check_people(text: str, words: str) -> None:
    """Raises `NotWritten`.

    Words that are not plainly English are held against none but a crowd that they rule out.
    """
    without = NONE.sub(" ", words)
    told = _words(" ".join(clause for clause in CLAUSE.split(text) if not NO.search(clause)))
    one = bool(told & (PERSON | WORKERS)) or FIGURE.search(text) is not None
    if not _plainly_english(words):
        if without != words and told & PEOPLE:
            raise NotWritten("people who were not to be")
        return
    several = _speak_of_several(without)
    if (told & PEOPLE and not several) or (one and not (several or _speak_of_somebody(without))):
        raise NotWritten("people whom nobody asked for")


def _plainly_english(words: str) -> bool:
    said = _words(words)
    plain = bool(said & (ENGLISH | PEOPLE | PERSON | UNINHABITED))
    return words.isascii() and plain and not said & FOREIGN


def _speak_of_several(words: str) -> bool:
    said = _words(words)
    named = bool(said & (PEOPLE | SEVERAL)) or len(said & RELATIVES) > 1
    return named or _any_ends(said, PERSONALS) or PICTURE.search(words) is not None


def _speak_of_somebody(words: str) -> bool:
    said = _words(words)
    first = WORD.search(words)
    acts = first is not None and first.group().lower() in ACTIVITIES
    return acts or bool(said & (PERSON | SOMEBODY)) or _any_ends(said, PERSONAL)


def _any_ends(words: set[str], endings: tuple[str, ...]) -> bool:
    return any(word.endswith(endings) for word in words - THINGS)


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}
