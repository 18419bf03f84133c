"""Whether what a language model wrote may be given to a video model: it may be anything at all."""

from __future__ import annotations

import re

from generation.prompts.answer_names import check_names
from generation.prompts.english import check_english
from generation.prompts.errors import NotWritten
from generation.visible import visible

LONGEST = 1500
"""Characters: twice the words that were asked for."""

MARKS = "`\"'“”* \n"
AROUND = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
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
    text, before = AROUND.sub(" ", visible(answer)), ""
    while text != before:  # a preface may stand before a label, in quotation marks
        before, text = text, BEFORE.sub("", text.strip().strip(MARKS).strip())
    return " ".join(AFTER.sub("", text).rstrip(MARKS).split())
