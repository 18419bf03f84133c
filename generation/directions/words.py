"""From what somebody typed to plain words: lower case, no speech, fewer slips of the key."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import chain, groupby, islice
from operator import itemgetter

from generation.directions.phrasebook import SCRIPTS, folded, phrasebook
from generation.directions.translate import in_english, languages_of

CHARACTERS: Mapping[str, str] = {
    character: meaning
    for meaning, characters in {
        " rain ": "🌧⛈☔",
        " snow ": "❄🌨☃",
        " fog ": "🌫🌁",
        " sunrise ": "🌅🌄",
        " sunset ": "🌇🌆",
        " night ": "🌃🌌",
        " zoom in ": "🔍",
        " left ": "⬅",
        " up ": "⬆",
        " down ": "⬇",
        " . then ": "➡→>",
        "": "\ufe0f",
        " . ": "!?;\n\r\u2026。",
        " , ": ":()[]\u2013\u2014/|、「」『』【】",
        " and ": "&+",
        " ": "-_・",
    }.items()
    for character in characters
}
REWRITTEN = tuple(
    (re.compile(typed), instead)
    for typed, instead in (
        ("[\u2018\u2019]", "'"),
        ("[\u201c\u201d]", '"'),
        # He says: "zoom in"
        (
            r"""\b(says?|saying|said|shouts?|whispers?|asks?|yells?)[\s,:]*(["'])[^"]{0,400}?\2(?!\w)""",
            r"\1 quote ",
        ),
        # l'orbite, dall'alto; but they're
        (r"'(?!(?:re|ll|ve)\b)(?=[^\W\d_]{2})", " "),
        # the dog's, don't
        (r"'s\b|'", ""),
        # camera: none
        (r"[:=]\s*none\b", " none"),
        # pan left -- zoom in - rain
        (r"-(?:-|(?<=[ \t]-)[ \t])", " , "),
        # 2.5D, strength 0.6
        (r"\.(?=\d)(?<=\d\.)", ""),
        # Negative prompt: snow, fog
        (
            ":(?:(?<=avoid:)|(?<=exclude:)|(?<=negative:)|(?<=negative prompt:))",
            " excluding ",
        ),
        # 1. pan left 2) zoom in; [2-4s] orbit; shot 3
        (r"\d(?<!\w\d)\d?(?:[.)](?!\d)| ?s? ?[-\u2013] ?\d{1,2} ?s\b)", " . then "),
        (r"s(?<!\ws)(?:hot|cene) (?:\d{1,2}|one|two|three|four|five)\b", " . then "),
    )
)
"""In this order."""

OFTEN_MISTYPED = (
    "camara slowly quickly slightly gently rapidly smoothly dramatic dramatically camera sunset"
    " sunrise forward forwards backward backwards handheld zooming panning tilting raining snowing"
    " blizzard static right left zoom tilt orbit circle around rain snow night dawn storm follow"
    " out pan closer toward quick slow reveal parallax upward downward while without down away then"
    " langsam kamera schwenk links rechts schnee nebel lentement droite gauche lentamente despacio"
    " derecha izquierda destra sinistra direita esquerda devagar"
    " медленно камера вправо влево"
).split()
REAL_WORDS = frozenset(
    "sowing close colder obit obits trail snot nights sightly statics fist gache desta".split()
)
"""One slip away from a word of ours, and words themselves."""


LONGEST, MOST = 2_500, 400
"""Characters and words; a prompt has at most 2,000, but one of them may stand for eighteen."""

_CHARACTER = re.compile(f"[{re.escape(''.join(CHARACTERS))}]")
_CLAUSE = re.compile("[^.,]+[., ]*|[., ]+")
_UNSPACED = SCRIPTS["ko"] + SCRIPTS["ja"] + SCRIPTS["zh"]
_WORD = re.compile(rf"[{_UNSPACED}]+|[^\W\d_{_UNSPACED}]+|360|[.,]")
_LONG_RUN = re.compile(r"(.)\1{2,}")


def words_of(text: str) -> list[str]:
    """In English; `.` and `,` stay as words of their own: they say where a clause ends."""
    clauses = _clauses(text)
    told = groupby(zip(languages_of(clauses), clauses, strict=True), itemgetter(0))
    said = (in_english("".join(clause for _, clause in some), language) for language, some in told)
    return list(islice(chain.from_iterable(said), MOST))


def language_of(text: str) -> str:
    """The one that most clauses of it are in."""
    languages = Counter(languages_of(_clauses(text)))
    return max(languages, key=languages.__getitem__, default="en")


def _clauses(text: str) -> list[str]:
    known, _ = spelling()
    words = _WORD.findall(_plain(text))[:MOST]
    return _CLAUSE.findall(" ".join(one if one in known else _corrected(one) for one in words))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST]
    text = folded(text.casefold())
    for typed, instead in REWRITTEN:
        text = typed.sub(instead, text)
    return _CHARACTER.sub(lambda found: CHARACTERS[found[0]], text)


def _corrected(typed: str) -> str:
    """`sloooow` was typed for its sound, `zomm` in haste."""
    known, slips = spelling()
    if not _LONG_RUN.search(typed):
        return slips.get(typed, typed)
    once, twice = _LONG_RUN.sub(r"\1", typed), _LONG_RUN.sub(r"\1\1", typed)
    right = [word for word in (twice, once) if word in known]
    return right[0] if right else slips.get(once, once)


@cache
def spelling() -> tuple[frozenset[str], Mapping[str, str]]:
    """Every English word that means something to us, and what is one slip of a key away."""
    known = frozenset(" ".join(phrasebook("en").means).split())
    slips = {slip: word for word in OFTEN_MISTYPED for slip in _slips(word)}
    return known, {slip: word for slip, word in slips.items() if slip not in known | REAL_WORDS}


def _slips(word: str) -> set[str]:
    """Two letters changed places, one was hit twice or, in a long word, not at all."""
    cuts = [(word[:at], word[at:]) for at in range(1, len(word))]
    swapped = {head[:-1] + tail[0] + head[-1] + tail[1:] for head, tail in cuts}
    doubled = {head + tail[0] + tail for head, tail in cuts}
    missing = {head + tail[1:] for head, tail in cuts[:-1] if len(word) >= 6}
    return swapped | doubled | missing
