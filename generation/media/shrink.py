"""A smaller copy of a finished clip, for a chat that does not take the original.

`python -m generation.media.shrink CLIP COPY BYTES [--sign JSON]` exits with 0 once COPY is there,
with 1 where nothing fits; it is a program of its own because clips are decoded outside of the bot.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from generation.errors import GenerationFailed
from generation.media import h264
from generation.media.errors import encoding_failure
from generation.media.ffmpeg import run
from generation.media.marking import DigitalSource, mark, marking, source_of
from generation.media.mp4_boxes import BrokenClip
from generation.media.probe import probe
from generation.media.provenance import Signer, parse_signer, room_for, sign

KEPT = ["-map", "0:a?", "-c:a", "copy", "-map_chapters", "0"]
"""The sound, and a film's chapters."""

AUDIO_RATE = 160_000
"""Bits a second set aside for a sound track, which is copied as it is."""


def fit(clip: Path, copy: Path, size: int, signer: Signer | None = None) -> None:
    """Write `copy` with at most `size` bytes: the same film and recipe, more compression.

    The signature of `clip` does not hold for a copy; `signer` makes another. Raises
    `EncodingFailed` where nothing fits, `BrokenClip` where `clip` is no clip of ours, `OSError`.
    """
    facts, source = probe(clip), source_of(clip)
    if facts.comment is None or source is None:
        raise BrokenClip("it carries no recipe and no mark of ours")
    part, signed, metadata = (
        copy.with_name(f".{copy.name}.{role}.part") for role in ("video", "signed", "recipe")
    )
    room = size - len(marking(source)) - _signature_bytes(signer, source, copy.name)
    index = len(facts.comment.encode()) + 2_000 + 24 * facts.frames
    sound = int(facts.duration * AUDIO_RATE / 8) if facts.has_audio else 0
    rate = h264.rate_within(room - index - sound, facts.duration)
    try:
        metadata.write_text(h264.ffmetadata(facts.comment), encoding="utf-8")
        for quality in (h264.Quality(rate=rate), *h264.lower_qualities(rate)):
            output = h264.to_clip(metadata, round(facts.fps), quality, h264.TAGS)
            arguments = [*h264.from_clip(clip), *output, *KEPT]
            run(arguments, reads=[clip, metadata], writes=part)
            if part.stat().st_size > room:
                continue
            mark(part, source)
            if signer is not None:
                sign(part, signed, signer, source=source, title=copy.name)
            _place(part if signer is None else signed, copy, size)
            return
        raise encoding_failure(f"it cannot be brought under {size} bytes")
    finally:
        for left in (part, signed, metadata):
            left.unlink(missing_ok=True)


def _signature_bytes(signer: Signer | None, source: DigitalSource, title: str) -> int:
    return 0 if signer is None else room_for(signer, source, title)


def _place(made: Path, copy: Path, size: int) -> None:
    if made.stat().st_size > size:
        raise encoding_failure(f"signed, it has more than {size} bytes")
    os.replace(made, copy)


def main() -> None:
    logging.basicConfig(stream=sys.stderr)
    parser = argparse.ArgumentParser(prog="python -m generation.media.shrink")
    parser.add_argument("clip", type=Path)
    parser.add_argument("copy", type=Path)
    parser.add_argument("size", type=int, help="bytes")
    parser.add_argument("--sign", metavar="JSON", type=parse_signer, help="who signs the copy")
    asked = parser.parse_args()
    try:
        fit(asked.clip, asked.copy, asked.size, asked.sign)
    except (GenerationFailed, BrokenClip, OSError):
        logging.exception("there is no smaller copy")
        sys.exit(1)


if __name__ == "__main__":
    main()
