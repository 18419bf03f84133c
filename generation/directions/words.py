"""From what somebody typed to plain words: lower case, no speech, fewer slips of the key."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain, islice

from generation.directions.phrasebook import ENGLISH, SCRIPTS, folded, phrasebook
from generation.directions.translate import in_english, languages_of

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

OFTEN_MISTYPED = (
    "slowly quickly slightly gently rapidly smoothly dramatic dramatically camera sunset sunrise"
    " forward forwards backward backwards handheld zooming panning tilting raining snowing blizzard"
    " static right left zoom tilt orbit circle around rain snow night dawn storm follow closer"
    " toward quick slow reveal parallax upward downward while without down away then"
    " langsam kamera schwenk links rechts schnee nebel lentement droite gauche lentamente despacio"
    " derecha izquierda destra sinistra direita esquerda devagar camara"
    " медленно камера вправо влево"
).split()
REAL_WORDS = frozenset(
    "sowing close colder obit obits trail snot nights sightly statics fist gache desta".split()
)
"""One slip away from a word of ours, and words themselves."""


LONGEST, MOST = 2_500, 400
"""Characters and words; a prompt has at most 2,000, but one of them may stand for eighteen."""

_PICTURE = re.compile(f"[{''.join(PICTURES)}]")
_SPEECH = re.compile(
    r"\b(say|says|saying|said|shouts?|whispers?|asks?|yells?)[ ,:]{0,3}"
    r"""(["'])[^"]{0,400}?\2(?!\w)"""
)
_UNSPACED = SCRIPTS["ko"] + SCRIPTS["ja"] + SCRIPTS["zh"]
_ARROW = re.compile(r"[-=]{0,3}>|\b\d{1,2}[.)](?!\d)")
_WORD = re.compile(rf"[{_UNSPACED}]+|[^\W\d_{_UNSPACED}]+|360|_|[.,]")
_ELISION = re.compile(
    r"\b([cdjlmnst]|qu|jusqu|lorsqu|dell|all|nell|sull|dall|un|quest)'(?=[^\W\d_]{2})"
)
_GAP = re.compile(r" [^\S\n\r]+|[\t\f\v][^\S\n\r]*")
_NONE = re.compile(r"[:=]\s?none\b")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_QUOTE = re.compile("[\u2018\u2019\u201c\u201d\ufe0f]")
_QUOTES = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\ufe0f": ""}
_MARK = re.compile(r"[!?;\n\r\u2026。:()\[\]\u2013\u2014/|、「」『』【】&+_・-]")
_MARKS = (
    dict.fromkeys("!?;\n\r\u2026。", " . ")
    | dict.fromkeys(":()[]\u2013\u2014/|、「」『』【】", " , ")
    | {"&": " and ", "+": " and ", "-": " ", "_": " ", "・": " "}
)


def words_of(text: str) -> list[str]:
    """In English; `.` and `,` stay as words of their own: they say where a clause ends."""
    clauses = _clauses(text)
    said = map(in_english, clauses, languages_of(clauses))
    return list(islice(chain.from_iterable(said), MOST))


def language_of(text: str) -> str:
    """The one that most clauses of it are in."""
    clauses = _clauses(text)
    [(language, _)] = Counter(languages_of(clauses)).most_common(1) or [("en", 0)]
    return language


def _clauses(text: str) -> list[list[str]]:
    known, _ = spelling()
    clauses: list[list[str]] = [[]]
    for typed in _WORD.findall(_plain(text))[:MOST]:
        clauses[-1].append(typed if typed in known else _corrected(typed))
        if typed in (".", ","):
            clauses.append([])
    return [words for words in clauses if words]


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST]
    text = folded(_QUOTE.sub(lambda found: _QUOTES[found[0]], text).casefold())
    text = _unquoted(_GAP.sub(" ", text))
    if not text.isascii():
        text = _PICTURE.sub(lambda found: f" {PICTURES[found[0]]} ", text)
    text = _ARROW.sub(" . then ", _NONE.sub(" none", text)).replace("--", ",").replace(" - ", " , ")
    return _MARK.sub(lambda found: _MARKS[found[0]], text)


def _unquoted(text: str) -> str:
    """Without what somebody in the picture says, and `l'orbite` as two words."""
    if "'" in text or '"' in text:
        text = _SPEECH.sub(r"\1 quote ", text)
        text = _ELISION.sub(r"\1 ", re.sub(r"'s\b", "", text)).replace("'", "")
    return text


def _corrected(typed: str) -> str:
    """`sloooow` was typed for its sound, `zomm` in haste."""
    known, slips = spelling()
    if _LONG_RUN.search(typed) is None:
        return slips.get(typed, typed)
    twice, word = _LONG_RUN.sub(r"\1\1", typed), _LONG_RUN.sub(r"\1", typed)
    return next((one for one in (twice, word) if one in known), slips.get(word, word))


@cache
def spelling() -> tuple[frozenset[str], Mapping[str, str]]:
    """Every English word that means something to us, and what is one slip of a key away."""
    known = ENGLISH | phrasebook("en").vocabulary
    slips = {
        slip: word
        for word in OFTEN_MISTYPED
        for slip in _slips(word)
        if slip not in known and slip not in REAL_WORDS
    }
    return known, slips


def _slips(word: str) -> Iterable[str]:
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word)):
        yield word[:at] + word[at] + word[at:]
        if len(word) >= 6 and at + 1 < len(word):
            yield word[:at] + word[at + 1 :]
