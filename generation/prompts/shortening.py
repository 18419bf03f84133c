"""The beginning of a text: it ends where a thought does, and means what the whole meant."""

from __future__ import annotations

import re

from generation.directions.sentences import closed

# Scripts that put no space between words: Thai to Burmese, Khmer, kana and Chinese characters.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
PIECE = re.compile(rf"\s*(?:[{UNSPACED}]|[^\s{UNSPACED}]{{1,30}})")

CLOSERS = "\"'”“’»)」』）"
SENTENCE_END = re.compile(rf"(?:[.!?…]+[{CLOSERS}]*(?=\s|$)|[。！？]+[{CLOSERS}]*)")
CLAUSE_END = re.compile(r"[,;:–—](?=\s|$)|[，、；：]")

NEGATION = re.compile(
    r"\b(?:no|not|never|without|nor|neither|cannot|\w+n['’]t"
    r"|kein\w*|nicht|nie|niemals|ohne|weder|pas|sans|jamais|aucune?|ni|sin|nunca|ning[uú]n\w*"
    r"|non|senza|mai|niente|nessun\w*|sem|não|nem|nenhuma?|не|нет|без|ни|никогда|안)\b"
    r"|[不没沒别別无無勿]|ない|なし|なく|ません|せず|없|않",
    re.IGNORECASE,
)
NEAR = 8
"""Words, or characters of a script without spaces, that a negation may stand from the cut."""

QUOTES = (
    ("„", "“"),
    ("“", "”"),
    ("« ", " »"),
    ("«", "»"),
    ("「", "」"),
    ("『", "』"),
    ("(", ")"),
    ("（", "）"),
)


def pieces(text: str) -> list[str]:
    """What may be cut between: words, and characters where nothing stands between words."""
    return PIECE.findall(" ".join(text.split()))


def begun(parts: list[str], count: int) -> str:
    """So many pieces at most; whole sentences or clauses where they are half of that."""
    text = "".join(parts[:count])
    half = len(text) / 2
    if (end := _end(SENTENCE_END, text)) >= max(half, 1):
        return _paired(text[:end].strip())
    if (clause := _end(CLAUSE_END, text)) >= max(half, 1):
        return _paired(_bare(text[:clause]))
    return _paired(_bare(_unturned(parts, count)))


def ended(text: str) -> str:
    """As a sentence ends, which it may do within a quote."""
    return text if _end(SENTENCE_END, text) == len(text) else closed(text)


def _end(ends: re.Pattern[str], text: str) -> int:
    return max((found.end() for found in ends.finditer(text)), default=0)


def _unturned(parts: list[str], count: int) -> str:
    """A little less where a "no" would lose its rest; up to the last of them if they abound."""
    for fewer in (count, max(0, count - NEAR)):
        if not _turned(parts, fewer):
            return "".join(parts[:fewer])
    text = "".join(parts[:count])
    return text[: max((found.start() for found in NEGATION.finditer(text)), default=0)]


def _turned(parts: list[str], count: int) -> bool:
    """Whether the clause that is cut has a "no" close by, which its rest may be needed for."""
    before = "".join(parts[max(0, count - NEAR) : count])
    after = "".join(parts[count : count + NEAR])
    start = max(_end(SENTENCE_END, before), _end(CLAUSE_END, before))
    ends = (SENTENCE_END.search(after), CLAUSE_END.search(after))
    end = min((found.start() for found in ends if found), default=len(after))
    return NEGATION.search(f"{before[start:]}{after[:end]}") is not None


def _bare(text: str) -> str:
    return text.strip().rstrip(",;:–—，、；：「『“«(（ ")


def _paired(text: str) -> str:
    """Every quote that was opened is closed again."""
    if text.count('"') % 2:
        return f'{text}"'
    for opening, closing in QUOTES:
        if opening == "“" and "„" in text:
            continue  # which closes in German
        if text.rfind(opening) > text.rfind(closing):
            return f"{text}{closing}"
    return text
