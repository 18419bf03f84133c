"""Whether what a language model wrote may be given to a video model: it may be anything at all."""

from __future__ import annotations

import re

from generation.prompts.answer_names import check_names
from generation.prompts.english import check_english
from generation.prompts.errors import NotWritten
from generation.visible import visible

LONGEST = 1500
"""Characters: twice the words that were asked for."""

PREFACES = 4
"""How many may stand before each other: "Sure! Here it is: **Prompt:** …"."""

MARKS = "`\"'“”* \n"
THINKS = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
THOUGHT = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
BEFORE = re.compile(
    r"^(?:"
    r"\**(?:video |rewritten |enhanced )?prompt\**\s*:"
    r"|\#+ [^\n]*\n"
    r"|(?:sure|sure thing|certainly|of course|absolutely|okay|ok|great|got it|understood)\s*[!.,:—]"
    r"|here (?:you go|it is)\s*[:!.]"
    r"|(?:here(?:'s| is)|below is|this is)\b[^:.!?\n]{0,60}"
    r"\b(?:prompt|paragraph|description|version|translation|text|rewrite|result|request)\b"
    r"[^:.!?\n]{0,60}[:\n]"
    r")\s*",
    re.IGNORECASE,
)
"""What a model says before it begins."""

AFTER = re.compile(
    r"\n\s*(?:let me know|i hope|feel free|would you like|note:|\(note|this prompt)\b.*$",
    re.DOTALL | re.IGNORECASE,
)
REFUSAL = re.compile(
    r"^(?:i'm sorry|i am sorry|sorry|i can(?:'t|not)|as an ai|unfortunately)\b", re.IGNORECASE
)


def checked(answer: str, words: str) -> str:
    """The paragraph in it; raises `NotWritten`."""
    text = _paragraph(answer.replace("’", "'"))
    if not text:
        raise NotWritten("an empty answer")
    if len(text) > LONGEST:
        raise NotWritten(f"more than {LONGEST} characters")
    if REFUSAL.match(text):
        raise NotWritten("a refusal")
    if "://" in text or "www." in text:
        raise NotWritten("a link")
    check_english(text)
    check_names(text, words)
    return text


def _paragraph(answer: str) -> str:
    lines = (line.strip() for line in _spoken(visible(answer)).splitlines())
    text = "\n".join(filter(None, lines))
    if len(text) > 2 * LONGEST:
        return text
    for _ in range(PREFACES):
        text = BEFORE.sub("", text.strip(MARKS))
    return " ".join(AFTER.sub("", text).strip(MARKS).split())


def _spoken(answer: str) -> str:
    """Without thoughts; some servers take away the sign with which they begin."""
    *thoughts, said = THOUGHT.split(answer)
    before = (THINKS.split(thought) for thought in thoughts)
    return " ".join([*(parts[0] for parts in before if len(parts) > 1), said])
