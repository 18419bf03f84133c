"""The decoder child, driven by hand as its docstring says, with friendly and hostile files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generation.errors import InvalidImage
from generation.images.formats import PictureFormat
from generation.images.pixels import prepare
from tests.generation.images.pictures import (
    corners,
    display_p3,
    encoded,
    exif,
    png,
    png_chunks,
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Ended:
    answers: list[dict[str, Any]]
    stderr: str
    code: int


def drive(*arguments: str, line: str) -> Ended:
    """Run a Python child on one line of input, to its end."""
    child = subprocess.Popen(
        [sys.executable, "-P", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    with child.stdin, child.stdout, child.stderr:
        child.stdin.write(line)
        child.stdin.close()
        answers = [json.loads(answer) for answer in child.stdout]
        stderr = child.stderr.read()
    return Ended(answers, stderr, child.wait())


def decode(data: bytes, folder: Path, target: Path | None = None) -> Ended:
    source = folder / "source"
    source.write_bytes(data)
    request = {"source": str(source), "target": str(target or folder / "target.png")}
    return drive("-m", "generation.images.decoder", line=json.dumps(request) + "\n")


MEASURED = """
import sys
from pathlib import Path
from generation.images import decoder
code = decoder.main()
sys.stderr.write(Path("/proc/self/status").read_text())
sys.exit(code)
"""


def decode_measured(data: bytes, folder: Path) -> tuple[Ended, int]:
    """Also the most memory in bytes that it really used at a time."""
    source = folder / "source"
    source.write_bytes(data)
    request = {"source": str(source), "target": str(folder / "target.png")}
    ended = drive("-c", MEASURED, line=json.dumps(request) + "\n")
    peak = re.search(r"VmHWM:\s*(\d+) kB", ended.stderr)
    assert peak, ended.stderr
    return ended, int(peak[1]) * 1024


def refusal(ended: Ended) -> str:
    ready, started, answer = ended.answers
    assert (ready, started) == ({"ready": True}, {"started": True})
    assert ended.code == 0
    assert "Traceback" not in ended.stderr
    return str(InvalidImage(answer["invalid"]["reason"], **answer["invalid"]["facts"]))


def test_one_line_in_one_picture_out(tmp_path: Path) -> None:
    ended = decode(encoded(corners(), "WEBP"), tmp_path)
    assert ended.answers[-1] == {
        "picture": {
            "width": 160,
            "height": 96,
            "source_width": 160,
            "source_height": 96,
            "format": "WEBP",
        }
    }
    assert (ended.stderr, ended.code) == ("", 0)
    with Image.open(tmp_path / "target.png") as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (160, 96))


def test_nothing_but_pixels_is_carried_over(tmp_path: Path) -> None:
    words = {"comment": b"home address", "icc_profile": display_p3(), "dpi": (300, 300)}
    decode(encoded(corners(), "JPEG", exif=exif(6), **words), tmp_path)
    result = (tmp_path / "target.png").read_bytes()
    assert set(png_chunks(result)) == {b"IHDR", b"IDAT", b"IEND"}
    assert (tmp_path / "target.png").stat().st_mode & 0o077 == 0


def test_a_parent_that_goes_away_ends_it() -> None:
    ended = drive("-m", "generation.images.decoder", line="")
    assert ended.answers == [{"ready": True}]
    assert (ended.stderr, ended.code) == ("", 0)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    ended = decode(encoded(corners(), "PNG"), tmp_path, target=Path("/dev/full"))
    assert ended.answers[-1] == {"full": {}}


def test_files_that_cannot_be_used_are_not_blamed_on_the_picture(tmp_path: Path) -> None:
    ended = decode(encoded(corners(), "PNG"), tmp_path, target=tmp_path / "no" / "folder.png")
    assert ended.answers[-1] == {"broken": {"reason": "FileNotFoundError"}}


def test_a_request_that_is_none_ends_it_without_a_traceback() -> None:
    ended = drive("-m", "generation.images.decoder", line="hello\n")
    assert ended.code == 1
    assert ended.stderr == "decoder ended with JSONDecodeError\n"


def test_fifty_one_megapixels_are_refused_without_their_memory(tmp_path: Path) -> None:
    _, little = decode_measured(encoded(corners(), "PNG"), tmp_path)
    lines = bytes(10_000 + 1) * 5100
    ended, peak = decode_measured(png(10_000, 5100, 8, 0, lines), tmp_path)
    assert "too_many_pixels, megapixels=51.0" in refusal(ended)
    assert peak < little + 8 * MEGABYTE


def test_fifty_megapixels_fit_into_the_limits(tmp_path: Path) -> None:
    lines = bytes(7071 * 2 + 1) * 7071
    ended = decode(png(7071, 7071, 8, 4, lines[:-1] + b"\xff"), tmp_path)
    assert ended.answers[-1]["picture"]["width"] == 2560


def bombs() -> dict[str, bytes]:
    """Small files that claim or inflate to very much."""
    zeros = zlib.compress(bytes(100 * MEGABYTE), 1)
    text = b"zTXt" + b"k\0\0" + zeros
    inflated = png(64, 64, 8, 2, b"")
    chunk = (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
    gif = bytearray(encoded(Image.new("P", (64, 64)), "GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"
    webp = bytearray(encoded(Image.new("RGBA", (64, 64), (9, 9, 9, 9)), "WEBP", exif=exif(1)))
    at = webp.index(b"VP8X") + 12
    webp[at : at + 6] = b"\xfe\x3f\x00\xfe\x3f\x00"
    tiff = encoded(Image.new("RGB", (64, 64)), "TIFF", compression="tiff_lzw")
    wide = tiff.replace(b"\x00\x01\x03\x00\x01\x00\x00\x00\x40", b"\x00\x01\x03\x00\x01\0\0\0\x50")
    return {
        "pixels": png(64, 64, 8, 2, bytes(100 * MEGABYTE)),
        "text": inflated[:33] + chunk + inflated[33:],
        "canvas": bytes(gif),
        "animation canvas": bytes(webp),
        "tiff without end": wide[: len(wide) - 7],
    }


def test_a_bomb_ends_in_an_answer_and_within_memory(tmp_path: Path) -> None:
    for name, data in bombs().items():
        ended, peak = decode_measured(data, tmp_path)
        assert ended.code == 0, name
        assert ended.answers[-1].keys() & {"picture", "invalid"}, name
        assert "Traceback" not in ended.stderr, name
        assert peak < 300 * MEGABYTE, name


FUZZ = """
import random, sys, warnings
from pathlib import Path
from generation.images.decoder import _confine
from generation.images.pixels import Refusal, prepare, upright
warnings.simplefilter("ignore")
prepare()
_confine()
numbers = random.Random(7)
for file in sorted(Path(sys.stdin.readline().strip()).iterdir()):
    original = file.read_bytes()
    for _ in range(25):
        data = bytearray(original)
        for _ in range(numbers.choice([1, 3, 20])):
            data[numbers.randrange(min(len(data), numbers.choice([64, 10**6])))] ^= (
                1 << numbers.randrange(8)
            )
        try:
            assert upright(bytes(data)).image.mode == "RGB"
        except Refusal as refusal:
            assert refusal.refused.reason
print('{"survived": true}')
"""


def test_flipped_bits_end_in_a_picture_or_a_sentence(tmp_path: Path) -> None:
    prepare()
    image = Image.effect_noise((80, 80), 60).convert("RGB")
    options: dict[str, Any] = {"icc_profile": display_p3(), "exif": exif(6).tobytes()}
    for file_format in PictureFormat:
        (tmp_path / file_format.value).write_bytes(encoded(image, file_format, **options))
    (tmp_path / "PALETTE").write_bytes(encoded(image.quantize(), "PNG", transparency=0))
    (tmp_path / "LZW").write_bytes(encoded(image, "TIFF", compression="tiff_lzw"))
    (tmp_path / "INK").write_bytes(encoded(image.convert("CMYK"), "JPEG"))
    ended = drive("-c", FUZZ, line=f"{tmp_path}\n")
    assert ended.answers == [{"survived": True}], ended.stderr


@pytest.mark.parametrize("data", [b"", b"<svg/>", bytes(1000)])
def test_what_is_no_picture_is_refused_by_the_child_too(data: bytes, tmp_path: Path) -> None:
    assert refusal(decode(data, tmp_path)).startswith("invalid_image: ")
    assert not (tmp_path / "target.png").exists()
