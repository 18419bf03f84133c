"""Letters of other alphabets that look like Latin ones: a word that mixes them is disguised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import regex  # type: ignore[import-untyped]

CYRILLIC = (
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ԌG ԚQ ԜW ӀI"
    " аa вb еe гr иu кk мm нh оo пn рp сc тt уy хx ьb іi јj ѕs ԁd ԍg ԛq ԝw һh ӏl ѵv"
)
GREEK = "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa βb γy εe ηn ιi κk μu νv οo ρp τt υu χx ωw"
LATIN_FOR = {ord(pair[0]): pair[1] for pair in f"{CYRILLIC} {GREEK}".split()}
OTHERS_FOR: tuple[Mapping[int, str], ...] = tuple(
    {ord(pair[1]): pair[0] for pair in pairs.split()} for pairs in (CYRILLIC, GREEK)
)
LATIN = regex.compile(r"\p{Latin}")
OTHER = regex.compile(r"[\p{Cyrillic}\p{Greek}]")
WORD = regex.compile(r"\w+")


def undisguised(text: str) -> Iterator[str]:
    """As it looks in Latin letters, Cyrillic and Greek ones; nothing where no alphabets meet."""
    if not LATIN.search(text) or not OTHER.search(text):
        return
    if all(ord(letter) in LATIN_FOR for letter in OTHER.findall(text)):  # no word is really foreign
        yield text.translate(LATIN_FOR)
    for table in (LATIN_FOR, *OTHERS_FOR):
        yield _mixed_words(text, table)


def _mixed_words(text: str, table: Mapping[int, str]) -> str:
    def read(found: regex.Match[str]) -> str:
        word: str = found[0]
        return word.translate(table) if LATIN.search(word) and OTHER.search(word) else word

    read_so: str = WORD.sub(read, text)
    return read_so
