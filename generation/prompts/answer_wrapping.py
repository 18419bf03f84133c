"""What a language model writes around its answer, taken off: prefaces, labels, offers of more."""

from __future__ import annotations

import json
import re

from generation.visible import visible

PREFACES = 4
"""How many may stand before each other: "Sure! Here it is: **Prompt:** …"."""

MARKS = "`\"'“”* \n"
THINKS = re.compile(r"<(?:think(?:ing)?|reasoning|analysis)>", re.IGNORECASE)
THOUGHT = re.compile(r"</(?:think(?:ing)?|reasoning|analysis)>", re.IGNORECASE)
TURNS = re.compile(r"<\|[^|<>\n]{0,40}\|>|</?s>|\[/?INST\]", re.IGNORECASE)
"""Between the turns of a chat; some servers let them through."""

FENCE = re.compile(r"^`{3}(?:json)?\s*", re.IGNORECASE)

BEFORE = re.compile(
    r"^(?:"
    r"\**(?:(?:video|final|rewritten|enhanced|improved|english|cinematic|ltx) ){0,3}"
    r"(?:prompt|output|answer|response|rewritten|rewrite|english|translation|translated)"
    r"(?: (?:prompt|version|text))?(?: \([^()\n]{0,30}\))?\**\s*:"
    r"|\#+ [^\n]*\n"
    r"|(?:sure|sure thing|certainly|of course|absolutely|okay|ok|great|got it|understood|no problem"
    r"|(?:i'm |i'd be )?(?:happy|glad) to(?: help)?|(?:great|nice|good|lovely|wonderful) idea"
    r"|as requested)\s*[!.,:—]"
    r"|here (?:you go|it is)\s*[:!.]"
    r"|(?:here(?:'s| is)|below is|this is)\b[^:.!?\n]{0,60}"
    r"\b(?:prompt|paragraph|description|version|translation|text|rewrite|result|request)\b"
    r"[^:.!?\n]{0,60}[:\n]"
    r")\s*",
    re.IGNORECASE,
)
"""What a model says before it begins."""

AFTER = re.compile(
    r"(?<=[.!?\n\"”)*])[\s*_(-]{1,9}(?:let me know|i hope|feel free|would you like|do you want"
    r"|note:|this prompt|word count|negative prompt|alternatively[,:]|alternative(?: \w+)?:)"
    r".*$",
    re.DOTALL | re.IGNORECASE,
)


def unwrapped(answer: str, *, longest: int) -> str:
    """One paragraph; one that is far longer than `longest` is left as it is."""
    lines = (line.strip() for line in TURNS.sub(" ", _spoken(visible(answer))).splitlines())
    text = "\n".join(filter(None, lines))
    if len(text) > 2 * longest:
        return text
    text = _only_value(text)
    for _ in range(PREFACES):
        text = BEFORE.sub("", text.strip(MARKS))
    return " ".join(AFTER.sub("", text).strip(MARKS).rstrip("-").split())


def _spoken(answer: str) -> str:
    """Without thoughts; some servers take away the sign with which they begin."""
    *thoughts, said = THOUGHT.split(answer)
    before = (THINKS.split(thought) for thought in thoughts)
    return " ".join([*(parts[0] for parts in before if len(parts) > 1), said])


def _only_value(text: str) -> str:
    """Of `{"prompt": "…"}`."""
    bare = FENCE.sub("", text).strip(MARKS)
    if not bare.startswith("{"):
        return text
    try:
        named = json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return text
    values = [named.get("prompt"), *named.values()]
    said = [value for value in values if isinstance(value, str)]
    return said[0] if said else text
