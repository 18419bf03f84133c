"""From what somebody typed to plain words: lower case, no speech, fewer slips of the key."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from generation.directions.grammar import (
    ARTICLES,
    BREAKS,
    CAMERAS,
    HEADINGS,
    MODIFIERS,
    POSSESSIVES,
    TRANSPARENT,
)
from generation.directions.lexicon import TERMS
from generation.directions.phrases import PHRASES, rewrite
from generation.directions.sky import WEATHER

PICTURES: Mapping[str, str] = {
    "🌧": "rain",
    "⛈": "rain",
    "☔": "rain",
    "❄": "snow",
    "🌨": "snow",
    "☃": "snow",
    "🌫": "fog",
    "🌁": "fog",
    "🌅": "sunrise",
    "🌄": "sunrise",
    "🌇": "sunset",
    "🌆": "sunset",
    "🌃": "night",
    "🌌": "night",
    "🔍": "zoom in",
    "⬅": "left",
    "⬆": "up",
    "⬇": "down",
    "➡": ". then",
    "→": ". then",
    "🎥": "",
}

SHORT_FORMS: Mapping[str, str] = {
    "dont": "not",
    "doesnt": "not",
    "didnt": "not",
    "isnt": "not",
    "arent": "not",
    "wont": "not",
    "shouldnt": "not",
    "cant": "not",
    "cannot": "not",
    "remove": "no",
    "skip": "no",
    "w": "with",
    "u": "you",
    "r": "are",
    "teh": "the",
    "camara": "camera",
    "zom": "zoom",
    "zomm": "zoom",
    "zoon": "zoom",
    "rigt": "right",
    "rite": "right",
    "lef": "left",
    "tlit": "tilt",
    "foward": "forward",
    "forwards": "forward",
    "dolley": "dolly",
    "nite": "night",
    "shakey": "shaky",
    "litle": "little",
    "abit": "slightly",
    "alot": "much",
    "zoomin": "zoom in",
    "zoomout": "zoom out",
    "gimme": "",
}

OFTEN_MISTYPED = (
    "slowly quickly slightly gently rapidly smoothly dramatic dramatically camera sunset sunrise"
    " forward forwards backward backwards handheld zooming panning tilting raining snowing blizzard"
    " static right left zoom tilt orbit circle around rain snow night dawn storm follow closer"
    " toward quick slow reveal parallax upward downward while without"
).split()
REAL_WORDS = frozenset(
    "sowing close colder obit obits trail snot nights sightly statics fist".split()
)
"""One slip away from a word of ours, and words themselves."""


def _slips(word: str) -> Iterable[str]:
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at] + word[at:]
        if len(word) >= 6:
            yield word[:at] + word[at + 1 :]


def _known_words() -> frozenset[str]:
    grouped = {word for group in PHRASES.values() for phrase, _ in group for word in phrase}
    small = BREAKS | CAMERAS | MODIFIERS | ARTICLES | POSSESSIVES | TRANSPARENT
    return frozenset(TERMS) | frozenset(WEATHER) | frozenset(HEADINGS) | small | grouped


KNOWN = _known_words()
SLIPS: Mapping[str, str] = {
    slip: word
    for word in OFTEN_MISTYPED
    for slip in _slips(word)
    if slip not in KNOWN and slip not in REAL_WORDS
}

LONGEST, MOST = 2_500, 400
"""Characters and words; a prompt has at most 2,000, but one of them may stand for eighteen."""

_PICTURE = re.compile("|".join(map(re.escape, PICTURES)))
_SPEECH = re.compile(
    r"\b(say|says|saying|said|shouts?|whispers?|asks?|yells?)[ ,:]{0,3}"
    r"""(["'])[^"]{0,400}?\2(?!\w)"""
)
_ARROW = re.compile(r"[-=]{0,3}>|\b\d{1,2}[.)](?!\d)")
_WORD = re.compile(r"[^\W\d_]+|360|[.,]")
_GAP = re.compile(r"[^\S\n\r]+")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\ufe0f": ""})
_MARKS = str.maketrans(
    dict.fromkeys("!?;\n\r\u2026", " . ") | dict.fromkeys(":()[]\u2013\u2014/|", " , ")
)
_JOINED = str.maketrans({"&": " and ", "+": " and ", "-": " "})


def words_of(text: str) -> list[str]:
    """`.` and `,` stay as words of their own: they say where a clause ends."""
    text = unicodedata.normalize("NFKC", text[:LONGEST].translate(_QUOTES))
    text = text[:LONGEST].translate(_QUOTES).casefold()
    text = _GAP.sub(" ", text)
    text = _SPEECH.sub(r"\1 _ ", _PICTURE.sub(lambda found: f" {PICTURES[found[0]]} ", text))
    text = _ARROW.sub(" . then ", text).replace("--", ",").replace(" - ", " , ")
    text = re.sub(r"'s\b", "", text).replace("'", "")
    text = text.translate(_MARKS).translate(_JOINED)
    return rewrite([word for typed in _WORD.findall(text)[:MOST] for word in _corrected(typed)])


def _corrected(typed: str) -> list[str]:
    word = typed if typed in KNOWN else _squeezed(typed)
    word = word if word in KNOWN else SLIPS.get(word, word)
    return SHORT_FORMS.get(word, word).split()


def _squeezed(word: str) -> str:
    """`sloooow` was typed for its sound."""
    if not _LONG_RUN.search(word):
        return word
    twice = _LONG_RUN.sub(r"\1\1", word)
    return twice if twice in KNOWN else _LONG_RUN.sub(r"\1", word)
