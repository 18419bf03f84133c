"""Letters that look like Latin ones: of other alphabets, of shapes, and words that mix them."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping

import regex  # type: ignore[import-untyped]

CYRILLIC = (
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ԌG ԚQ ԜW ӀI"
    " аa вb еe гr иu кk мm нh оo пn рp сc тt уy хx ьb іi јj ѕs ԁd ԍg ԛq ԝw һh ӏl ѵv"
)
GREEK = "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa βb γy εe ηn ιi κk μu νv οo ρp τt υu χx ωw"
GREEK_SOUNDS = "ΣS ΞX ςs σs ξx"
"""Only read so within a word that has Latin letters too."""


def _table(pairs: str) -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in pairs.split()}


def _turned(pairs: str) -> dict[int, str]:
    return {ord(pair[1]): pair[0] for pair in pairs.split()}


LATIN_FOR = _table(f"{CYRILLIC} {GREEK} йu ЙU")
MIXED_LATIN_FOR = LATIN_FOR | _table(GREEK_SOUNDS)
CYRILLIC_FOR = _turned(CYRILLIC)
GREEK_FOR: tuple[Mapping[int, str], ...] = (
    _turned(f"{GREEK} ΣS σs"),
    _turned(f"{GREEK} {GREEK_SOUNDS}"),
)
SHAPES = _table(
    "ɑa ĸk đd ĐD øo ØO łl ŁL ħh ĦH ŧt ŦT"
    " ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz"
) | {
    first + number: letter
    for first in (0x1F150, 0x1F170)  # in black circles and squares
    for number, letter in enumerate(string.ascii_uppercase)
}
REGIONAL = {0x1F1E6 + number: letter for number, letter in enumerate(string.ascii_uppercase)}
REGIONAL_RUN = regex.compile("[\U0001f1e6-\U0001f1ff]{3,}")
"""Two are a flag."""

LATIN = regex.compile(r"\p{Latin}")
CYRILLIC_LETTER = regex.compile(r"\p{Cyrillic}")
OTHER = regex.compile(r"[\p{Cyrillic}\p{Greek}]")
WORD = regex.compile(r"\w+")


def latin_shapes(text: str) -> str:
    """The letters that are Latin ones in another shape, but that Unicode keeps apart."""
    read: str = REGIONAL_RUN.sub(lambda run: run[0].translate(REGIONAL), text)
    return read.translate(SHAPES)


def undisguised(text: str) -> Iterator[str]:
    """As it looks in Latin letters, Cyrillic and Greek ones; nothing where no alphabets meet."""
    if not LATIN.search(text) or not OTHER.search(text):
        return
    if all(ord(letter) in LATIN_FOR for letter in OTHER.findall(text)):  # no word is really foreign
        yield text.translate(LATIN_FOR)
    for table in (MIXED_LATIN_FOR, CYRILLIC_FOR, *GREEK_FOR):
        yield _read(text, table, _mixed)
    if CYRILLIC_LETTER.search(text):
        yield _read(text, CYRILLIC_FOR, _all_alike)


def _read(text: str, table: Mapping[int, str], disguised: Callable[[str], bool]) -> str:
    def read(found: regex.Match[str]) -> str:
        word: str = found[0]
        return word.translate(table) if disguised(word) else word

    read_so: str = WORD.sub(read, text)
    return read_so


def _mixed(word: str) -> bool:
    return bool(LATIN.search(word) and OTHER.search(word))


def _all_alike(word: str) -> bool:
    return all(ord(letter) in CYRILLIC_FOR for letter in LATIN.findall(word))
