"""A smaller copy of a finished clip, for a chat that does not take the original.

`python -m generation.media.fit CLIP COPY BYTES` exits with 0 once COPY is there, with 1 where
nothing fits; it is a program of its own because clips are decoded outside of the bot.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from generation.media import h264
from generation.media.boxes import BrokenClip
from generation.media.failures import EncodingFailed, encoding_failure
from generation.media.ffmpeg import Ffmpeg
from generation.media.marking import mark, marking, source_of
from generation.media.probe import probe

SOUND = ["-map", "0:a?", "-c:a", "copy"]
AUDIO_RATE = 160_000
"""Bits a second set aside for a sound track, which is copied as it is."""


def fit(clip: Path, copy: Path, size: int) -> None:
    """Write `copy` with at most `size` bytes: same frames, recipe and mark, more compression.

    Raises `EncodingFailed` where nothing fits, `BrokenClip` where `clip` is no clip of ours,
    `OSError`.
    """
    facts, source = probe(clip), source_of(clip)
    if facts.comment is None or source is None:
        raise BrokenClip("it carries no recipe and no mark of ours")
    part = copy.with_name(f".{copy.name}.video.part")
    metadata = copy.with_name(f".{copy.name}.recipe.part")
    room = size - len(marking(source))
    index = len(facts.comment.encode()) + 2_000 + 24 * facts.frames
    sound = int(facts.duration * AUDIO_RATE / 8) if facts.has_audio else 0
    rate = h264.rate_within(room - index - sound, facts.duration)
    try:
        metadata.write_text(h264.ffmetadata(facts.comment), encoding="utf-8")
        for quality in (h264.Quality(rate=rate), *h264.lower_qualities(rate)):
            *output, _ = h264.to_clip(part, metadata, round(facts.fps), quality, h264.TAGS)
            Ffmpeg([*h264.from_clip(clip), *output, *SOUND, f"file:{part}"]).finish()
            if part.stat().st_size <= room:
                mark(part, source)
                os.replace(part, copy)
                return
        raise encoding_failure(f"it cannot be brought under {size} bytes")
    finally:
        part.unlink(missing_ok=True)
        metadata.unlink(missing_ok=True)


def main() -> None:
    logging.basicConfig(stream=sys.stderr)
    clip, copy, size = sys.argv[1:]
    try:
        fit(Path(clip), Path(copy), int(size))
    except (EncodingFailed, BrokenClip, OSError):
        logging.exception("there is no smaller copy")
        sys.exit(1)


if __name__ == "__main__":
    main()
