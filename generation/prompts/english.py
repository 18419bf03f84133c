"""Whether a text is English, told by the small words of which every sentence has some."""

from __future__ import annotations

import re

from generation.prompts.errors import NotWritten

LATIN = 0.75
"""The least share of Latin letters among what is no space: no code, no other script."""

FEWEST = 3
"""Words: `Sure` is no prompt."""

SHARE = 0.1
"""Of small English words; cinematic prose has a third."""

ENGLISH = frozenset(
    "the and with while of to are its it her his their they she he from into through across toward"
    " towards behind above below onto as at by against beneath around between under then before"
    " after which where each".split()
)
SHARED = frozenset("a an as in on is over".split())
"""Words of other languages too: they count only where nothing foreign stands beside them."""

FOREIGN = frozenset(
    # German, Dutch
    "der das dem ein eine einer einem einen eines und ist mit auf nicht sich während ihre ihr vom"
    " zum zur im langsam het een van zich niet"
    # French
    " le la les un une des du et est dans avec sur qui que pendant tandis vers ses sa aux lentement"
    # Spanish, Portuguese
    " el los las y del mientras su sus por se hacia está os um uma em com enquanto para ao à é"
    " lentamente"
    # Italian
    " il lo gli uno che di della dei delle nel nella mentre verso sul alla è e".split()
)
SENTENCE = re.compile(r"[.!?;\n]+")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def check_english(text: str) -> None:
    """Raises `NotWritten`; a name in another language makes no sentence foreign."""
    letters = sum(c.isascii() and c.isalpha() for c in text)
    if letters < LATIN * sum(not c.isspace() for c in text):
        raise NotWritten("no English")
    counts = [_small_words(sentence) for sentence in SENTENCE.split(text)]
    words = len(WORD.findall(text))
    if words < FEWEST:
        raise NotWritten("no sentence")
    if any(foreign > english or foreign == english > 1 for english, foreign in counts):
        raise NotWritten("no English")
    if sum(english for english, _ in counts) < max(1, SHARE * words):
        raise NotWritten("no English")


def _small_words(sentence: str) -> tuple[int, int]:
    """English ones, and foreign ones; `La` within a sentence belongs to a name."""
    words = WORD.findall(sentence)
    said = [word.lower() for number, word in enumerate(words) if word.islower() or number == 0]
    foreign = sum(word in FOREIGN for word in said)
    english = sum(word in ENGLISH for word in said)
    return english + (0 if foreign else sum(word in SHARED for word in said)), foreign
