"""Makes a clip of ours of a video that another server made: index first, recipe, mark, signature.

`python -m generation.media.receive VIDEO CLIP THUMBNAIL [--sign JSON]` takes the recipe on stdin,
prints `width`, `height`, `frames`, `fps` and exits with 0 once CLIP is there, with 1 where VIDEO is
none; it is a program of its own because videos are decoded outside of the bot.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

from generation.errors import GenerationFailed
from generation.media import h264
from generation.media.atomic_publish import Publication
from generation.media.ffmpeg import Ffmpeg
from generation.media.marking import DigitalSource, mark
from generation.media.mp4_boxes import BrokenClip
from generation.media.probe import Probe, probe
from generation.media.provenance import Signer, parse_signer, sign
from generation.media.stills import small_picture

EVEN = "scale=trunc(iw/2)*2:trunc(ih/2)*2:flags=area,format=yuv420p"
SOURCE = DigitalSource.TRAINED_ALGORITHMIC_MEDIA
SOUND = ["-map", "0:a?", "-c:a", "aac"]


def receive(
    video: Path, clip: Path, thumbnail: Path, recipe: str, signer: Signer | None = None
) -> Probe:
    """What the clip is then. Raises `BrokenClip`, `EncodingFailed`, `OSError`."""
    files = Publication(clip, thumbnail)
    try:
        files.metadata.write_text(h264.ffmetadata(recipe), encoding="utf-8")
        _rewrite(video, files, probe(video))
        mark(files.video, SOURCE)
        if signer is not None:
            sign(files.video, files.signed, signer, source=SOURCE, title=clip.name)
        made = files.video if signer is None else files.signed
        found = probe(made)
        files.publish(made, small_picture(made))
    finally:
        files.discard()
    return found


def _rewrite(video: Path, files: Publication, found: Probe) -> None:
    """Without a new encoding where every player takes it as it is."""
    plain = (found.codec, found.pix_fmt) == ("h264", "yuv420p")
    even = found.width % 2 == 0 and found.height % 2 == 0
    if plain and even:
        tags = ["-f", "ffmetadata", "-i", f"file:{files.metadata}"]
        kept = ["-map", "0:v:0", "-map", "0:a?", "-map_metadata", "1", "-map_chapters", "-1"]
        output = [*tags, *kept, "-c", "copy", "-movflags", "+faststart", "-f", "mp4"]
    else:
        fps = max(round(found.fps), 1)
        output = [*h264.to_clip(files.metadata, fps, h264.Quality(), EVEN), *SOUND]
    reads = [video, files.metadata]
    Ffmpeg(["-i", f"file:{video}", *output], reads=reads, writes=files.video).finish()


def main() -> None:
    logging.basicConfig(stream=sys.stderr)
    parser = argparse.ArgumentParser(prog="python -m generation.media.receive")
    parser.add_argument("video", type=Path)
    parser.add_argument("clip", type=Path)
    parser.add_argument("thumbnail", type=Path)
    parser.add_argument("--sign", metavar="JSON", type=parse_signer, help="who signs the clip")
    asked = parser.parse_args()
    try:
        recipe = sys.stdin.read()
        found = receive(asked.video, asked.clip, asked.thumbnail, recipe, asked.sign)
    except (GenerationFailed, BrokenClip, OSError):
        logging.exception("it is no clip")
        sys.exit(1)
    shape = {name: getattr(found, name) for name in ("width", "height", "frames")}
    sys.stdout.write(json.dumps({**shape, "fps": round(found.fps)}))


if __name__ == "__main__":
    main()
