"""Whether what a language model wrote may be given to a video model: it may be anything at all."""

from __future__ import annotations

from generation.prompts.answer_names import check_names
from generation.prompts.answer_talk import check_talk
from generation.prompts.answer_wrapping import unwrapped
from generation.prompts.english import check_english
from generation.prompts.errors import NotWritten

LONGEST = 1500
"""Characters: twice the words that were asked for."""


def checked(answer: str, words: str) -> str:
    """The paragraph in it; raises `NotWritten`."""
    text = unwrapped(answer.replace("’", "'"), longest=LONGEST)
    if not text:
        raise NotWritten("an empty answer")
    if len(text) > LONGEST:
        raise NotWritten(f"more than {LONGEST} characters")
    check_talk(text, words)
    if "://" in text or "www." in text:
        raise NotWritten("a link")
    check_english(text)
    check_names(text, words)
    return text
