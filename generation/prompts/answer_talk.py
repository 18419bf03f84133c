"""Whether a language model speaks to the person instead of describing a clip: refusals, talk."""

from __future__ import annotations

import re
import unicodedata

from generation.prompts.english import WORD
from generation.prompts.errors import NotWritten

SPEECH = re.compile(r"[\"“][^\"“”]*[\"”]")
SENTENCE = re.compile(r"(?<=[.!?…:])\s+")

REFUSAL = re.compile(
    r"^\W*(?:sorry\b|unfortunately\b|please\b|as an? (?:ai|(?:large )?language model)\b"
    r"|i(?:'m| am) (?:sorry|unable|not able)\b|i (?:can(?:'t|not)|won't|apologi[sz]e)\b"
    r"|(?:my )?apologies\b"
    r"|it (?:seems|looks like|appears)(?: that)? (?:the|your) (?:words|input|message|prompt)\b)"
    r"|\b(?:(?:the|this|that) (?:request|user)|your (?:request|prompt)) "
    r"(?:is|was|cannot|can't|goes|violates|wants|asks|asked|would|said|says|has)\b"
    r"|\bcontent polic(?:y|ies)\b",
    re.IGNORECASE,
)
"""Of a sentence; nobody's words ask for one of them."""

ADDRESSED = frozenset("i i'm i'll i've i'd my you you're you'll your yours could would".split())
"""A description of a clip has no sentence that begins like this, unless its words have."""

ADDRESSED_IN_WORDS = ADDRESSED | frozenset(
    "me mine im ich mein meine meinem meinen meiner mich mir du dein deine je mon ma mes moi tu ton"
    " ta tes yo mi mis io mio mia miei mie eu meu minha meus minhas".split()
)
LISTED = re.compile(r"(?:^|\s)[-•*]\s?\**\w+(?: \w+)?\**:")


def check_talk(text: str, words: str) -> None:
    """Raises `NotWritten`; what people in the clip say is left aside."""
    if LISTED.search(text):
        raise NotWritten("a list")
    sentences = SENTENCE.split(SPEECH.sub(" ", text))
    if any(map(REFUSAL.search, sentences)):
        raise NotWritten("a refusal")
    if "?" not in words and any(sentence.rstrip().endswith("?") for sentence in sentences):
        raise NotWritten("a question")
    if not _speaks_of_oneself(words) and any(map(_addresses, sentences)):
        raise NotWritten("talk")


def _speaks_of_oneself(words: str) -> bool:
    """Words in another script may: that cannot be told."""
    if any(c.isalpha() and not unicodedata.name(c, "").startswith("LATIN") for c in words):
        return True
    return any(word.lower() in ADDRESSED_IN_WORDS for word in WORD.findall(words))


def _addresses(sentence: str) -> bool:
    first = WORD.search(sentence)
    return first is not None and first.group().lower() in ADDRESSED
