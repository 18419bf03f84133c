"""Says inside every clip that an algorithm made it, in the words that other programs look for."""

from __future__ import annotations

import struct
from enum import StrEnum
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

from generation.media.mp4_boxes import Box, BrokenClip, top_level_boxes

XMP_BOX = UUID("BE7ACFCB-97A9-42E8-9C71-999491E3AFAC").bytes
"""The extended type of XMP's top-level `uuid` box (XMP specification part 3, MPEG-4)."""

IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{namespace}">
   <Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
"""XMP specification part 1, section 7.3.2; `end="r"`: there is no room to edit in place."""


class DigitalSource(StrEnum):
    """IPTC's NewsCodes for digital source types, the two that apply here."""

    TRAINED_ALGORITHMIC_MEDIA = "trainedAlgorithmicMedia"
    ALGORITHMICALLY_ENHANCED = "algorithmicallyEnhanced"


def marking(source: DigitalSource) -> bytes:
    """The whole `uuid` box that marks a clip."""
    packet = PACKET.format(namespace=IPTC, source=VOCABULARY + source).encode()
    return struct.pack(">I4s", 8 + len(XMP_BOX) + len(packet), b"uuid") + XMP_BOX + packet


def mark(path: Path, source: DigitalSource) -> None:
    """Append the mark after the last box, where it moves no picture's offset.

    Raises `BrokenClip` where the file's boxes do not add up, `OSError` where it can't be written.
    """
    if not top_level_boxes(path):
        raise BrokenClip("it is empty")
    with path.open("ab") as file:
        file.write(marking(source))


def source_of(path: Path) -> DigitalSource | None:
    """The mark in a clip, or `None` where it carries none of the two.

    Raises `BrokenClip` where the boxes or the XMP are damaged, `OSError` where it can't be read.
    """
    for box in top_level_boxes(path):
        if packet := _xmp(path, box):
            return _source_in(packet)
    return None


def _source_in(packet: bytes) -> DigitalSource | None:
    try:
        found = ElementTree.fromstring(packet).findtext(f".//{{{IPTC}}}DigitalSourceType")
    except ElementTree.ParseError as error:
        raise BrokenClip("its XMP is not XML") from error
    return next((source for source in DigitalSource if VOCABULARY + source == found), None)


def _xmp(path: Path, box: Box) -> bytes | None:
    if box.kind != "uuid":
        return None
    with path.open("rb") as file:
        file.seek(box.content)
        content = file.read(box.end - box.content)
    return content.removeprefix(XMP_BOX) if content.startswith(XMP_BOX) else None
