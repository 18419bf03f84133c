"""Names in a language model's answer that nobody said.

Listed is only what is no name, or has quite another in English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

from generation.prompts.common_words import (
    ABBREVIATIONS,
    ACTS,
    AUXILIARIES,
    DETERMINERS,
    LIKE_COMMON,
    OPENERS,
    SIGNS,
)
from generation.prompts.english import ENGLISH, FOREIGN, SENTENCE, SHARED, WORD
from generation.prompts.errors import NotWritten
from generation.prompts.translated_names import stands_for

CAPITALISED = frozenset(
    # days, months, feasts
    "monday tuesday wednesday thursday friday saturday sunday mondays fridays saturdays sundays"
    " january february march april may june july august september october november december"
    " christmas easter halloween thanksgiving hanukkah diwali ramadan eid carnival mardi gras new"
    " year years eve valentine valentines advent santa claus day dead"
    # who and what comes from where, and from when
    " english british scottish irish welsh american canadian mexican brazilian french german"
    " dutch belgian swiss austrian italian spanish portuguese greek turkish russian ukrainian"
    " polish czech hungarian romanian bulgarian swedish norwegian danish finnish icelandic"
    " japanese chinese korean indian thai vietnamese indonesian persian arabic arabian egyptian"
    " moroccan african asian european australian hawaiian cuban argentine venetian parisian"
    " roman celtic viking latin nordic scandinavian bavarian tuscan siberian mediterranean"
    " caribbean alpine atlantic pacific arctic antarctic oriental western eastern northern"
    " southern north south east west christian catholic orthodox jewish muslim islamic hindu"
    " buddhist zen gothic baroque victorian edwardian romanesque renaissance medieval byzantine"
    " art deco nouveau"
    # the sky, and single letters
    " earth moon sun milky way mars venus jupiter saturn lights aurora borealis i im ive ill id"
    # dogs and cats
    " shepherd golden retriever labrador husky dalmatian poodle collie border bulldog terrier"
    " chihuahua corgi maine coon siamese"
    # what was named after somebody or a place, long ago
    " ferris polaroid steadicam jeep lycra buddha jesus christ mozzarella cheddar brie parmesan"
    " scotch bourbon champagne pilsner statue camera".split()
)
"""Written with a capital in English, and no names of anybody."""

SAME_START = 3
"""Letters: `Eiffelturm` and `Eiffel` are one name, as are most that are spelt otherwise."""

NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:[ -][A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)*")
CAPITALS = re.compile(r"\b[A-ZÀ-ÖØ-Þ]{2,}\b")
NAMED = re.compile(
    r"\b(?:named|nicknamed|known as|by the name of|called (?!out|up|for|to|on|off|by|in)\b)"
    r"\W*(?P<name>\w+)",
    re.IGNORECASE,
)
AFTER_A_SENTENCE = re.compile(r"(?:^|[.!?…:;\"“”(\n])\s*$")

SOUNDS = (
    ("sch", "s"),
    ("gn", "n"),
    ("ch", "k"),
    ("ck", "k"),
    ("ph", "f"),
    ("th", "t"),
    ("w", "v"),
    ("c", "k"),
    ("q", "k"),
    ("z", "s"),
    ("x", "ks"),
)
VOWELS = re.compile("[aeiouyh]")
TWICE = re.compile(r"(.)\1+")


def check_names(text: str, words: str) -> None:
    """Raises `NotWritten` for one that does not stand, or have a like, in the words."""
    capitals = sum(c.isupper() for c in text)
    if not 0 < capitals <= sum(c.islower() for c in text):
        raise NotWritten("no lower case, or no capitals: names cannot be told in it")
    names = chain(_names(text), _shouted(text), _given(text), _first_words(text))
    if any(_invented(name, words) for name in names):
        raise NotWritten("a name that nobody said")


def _names(text: str) -> Iterator[str]:
    """Capitalised words that do not begin a sentence."""
    for found in NAME.finditer(text):
        name = found.group()
        if AFTER_A_SENTENCE.search(text[: found.start()]):
            _, _, name = name.partition(" ")
        if name:
            yield name


def _shouted(text: str) -> Iterator[str]:
    found = (word.group() for word in CAPITALS.finditer(text))
    return (word for word in found if word.lower() not in ABBREVIATIONS | SIGNS)


def _given(text: str) -> Iterator[str]:
    return (found["name"] for found in NAMED.finditer(text))


def _first_words(text: str) -> Iterator[str]:
    """Of sentences that begin as `Obama stands` and `London's streets` do."""
    for sentence in SENTENCE.split(text):
        first, second, third = (*WORD.findall(sentence)[:3], "", "", "")[:3]
        plain, _, owns = first.lower().partition("'")
        if not first[:1].isupper() or _common(plain, text):
            continue
        if owns == "s" or second in AUXILIARIES or _acts(second, third):
            yield first.partition("'")[0]


def _acts(second: str, third: str) -> bool:
    """Whether it is a verb: `Loose strands of hair` begins with none."""
    if second in ACTS:
        return True
    ends = second.endswith("s") and not second.endswith(("ss", "us", "is"))
    return ends and (not third or third in DETERMINERS or third.endswith("ly"))


def _common(word: str, text: str) -> bool:
    listed = word in OPENERS | ENGLISH | SHARED or word.endswith(LIKE_COMMON)
    return listed or re.search(rf"\b{re.escape(word)}\b", text) is not None  # as a common noun


def _invented(name: str, words: str) -> bool:
    """Names in other scripts cannot be compared, so words in one vouch for any name."""
    if any(c.isalpha() and not unicodedata.name(c, "").startswith("LATIN") for c in words):
        return False
    parts = [part for part in map(_plain, re.split("[ -]", name)) if part not in CAPITALISED]
    said = {_plain(word) for word in re.findall(r"\w+", words)} - ENGLISH - SHARED - FOREIGN
    if not parts or stands_for(set(parts), said):
        return False
    return not any(_alike(part, word) for part in parts for word in said)


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in letters if c.isalpha())


def _alike(name: str, word: str) -> bool:
    """`Cologne` and `Kölner`, `Vienna` and `Wien` have the same consonants in the same order."""
    if name == word:
        return True
    if min(len(name), len(word)) > SAME_START and name[:SAME_START] == word[:SAME_START]:
        return True
    one, other = sorted(map(_consonants, (name, word)), key=len)
    return one == other if len(one) == 2 else len(one) > 2 and other.startswith(one[:SAME_START])


def _consonants(name: str) -> str:
    for written, sound in SOUNDS:
        name = name.replace(written, sound)
    return TWICE.sub(r"\1", name[:1] + VOWELS.sub("", name[1:]))
