"""The decoder child, driven by hand as its docstring says, with friendly and hostile files."""

from __future__ import annotations

import errno
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
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Ended:
    """`pixels`: what followed the last answer."""

    answers: list[dict[str, Any]]
    stderr: str
    code: int
    pixels: bytes = b""


def drive(*arguments: str, told: bytes) -> Ended:
    """Run a Python child on what it is told, to its end."""
    child = subprocess.run(
        [sys.executable, "-P", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        input=told,
        capture_output=True,
        check=False,
    )
    answers: list[dict[str, Any]] = []
    rest = child.stdout
    while rest and not any("picture" in answer for answer in answers):
        line, _, rest = rest.partition(b"\n")
        answers.append(json.loads(line))
    return Ended(answers, child.stderr.decode(), child.returncode, rest)


def request(data: bytes) -> bytes:
    return json.dumps({"bytes": len(data)}).encode() + b"\n" + data


def decode(data: bytes) -> Ended:
    return drive("-m", "generation.images.decoder", told=request(data))


MEASURED = """
import sys
from generation.images import decoder
status = open("/proc/self/status")  # afterwards it can open nothing
code = decoder.main()
sys.stderr.write(status.read())
sys.exit(code)
"""


def decode_measured(data: bytes) -> tuple[Ended, int]:
    """Also the most memory in bytes that it really used at a time."""
    ended = drive("-c", MEASURED, told=request(data))
    peak = re.search(r"VmHWM:\s*(\d+) kB", ended.stderr)
    assert peak, ended.stderr
    return ended, int(peak[1]) * 1024


def refusal(ended: Ended) -> str:
    ready, started, answer = ended.answers
    assert (ready, started) == ({"ready": True}, {"started": True})
    assert ended.code == 0
    assert "Traceback" not in ended.stderr
    return str(InvalidImage(answer["invalid"]["reason"], **answer["invalid"]["facts"]))


def test_bytes_in_pixels_out() -> None:
    ended = decode(encoded(corners(), "WEBP", lossless=True))
    assert ended.answers[-1] == {
        "picture": {
            "width": 160,
            "height": 96,
            "source_width": 160,
            "source_height": 96,
            "format": "WEBP",
            "missing": 0.0,
        }
    }
    assert (ended.stderr, ended.code) == ("", 0)
    assert ended.pixels == corners().tobytes()


def test_a_parent_that_goes_away_ends_it() -> None:
    for told in (b"", b'{"bytes": 100}\nonly half'):
        ended = drive("-m", "generation.images.decoder", told=told)
        assert ended.answers == [{"ready": True}]
        assert (ended.stderr, ended.code) == ("", 0)


def test_a_request_that_is_none_ends_it_without_a_traceback() -> None:
    ended = drive("-m", "generation.images.decoder", told=b"hello\n")
    assert ended.code == 1
    assert ended.stderr == "decoder ended with JSONDecodeError\n"


def test_sixty_five_megapixels_are_refused_without_their_memory() -> None:
    _, little = decode_measured(encoded(corners(), "PNG"))
    lines = bytes(10_000 + 1) * 6500
    ended, peak = decode_measured(png(10_000, 6500, 8, 0, lines))
    assert "too_many_pixels, megapixels=65.0, most=64" in refusal(ended)
    assert peak < little + 8 * MEGABYTE


def test_sixty_four_megapixels_fit_into_the_limits() -> None:
    """Grey with alpha is the kind that takes the most of Pillow's memory."""
    lines = bytes(8000 * 2 + 1) * 8000
    ended = decode(png(8000, 8000, 8, 4, lines[:-1] + b"\xff"))
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


def test_a_bomb_ends_in_an_answer_and_within_memory() -> None:
    for name, data in bombs().items():
        ended, peak = decode_measured(data)
        assert ended.code == 0, name
        assert ended.answers[-1].keys() & {"picture", "invalid"}, name
        assert "Traceback" not in ended.stderr, name
        assert peak < 300 * MEGABYTE, name


WRITING = """
import signal, sys
from generation.sandbox.children import confine_decoder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
file = open(sys.stdin.readline().strip(), "wb", buffering=0)
confine_decoder(memory=2 << 30, seconds=20)
try:
    file.write(b"x")
except OSError as error:
    print(f'{{"refused": {error.errno}}}')
"""

FUZZ = """
import random, sys, warnings
from pathlib import Path
from generation.images.limits import MEMORY_BYTES, SECONDS
from generation.images.pixels import Refusal, prepare, upright
from generation.sandbox.children import confine_decoder
warnings.simplefilter("ignore")
prepare()
files = [file.read_bytes() for file in sorted(Path(sys.stdin.readline().strip()).iterdir())]
confine_decoder(memory=MEMORY_BYTES, seconds=SECONDS)
numbers = random.Random(7)
for original in files:
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
    ended = drive("-c", FUZZ, told=f"{tmp_path}\n".encode())
    assert ended.answers == [{"survived": True}], ended.stderr


@pytest.mark.parametrize("data", [b"", b"<svg/>", bytes(1000)])
def test_what_is_no_picture_is_refused_by_the_child_too(data: bytes) -> None:
    ended = decode(data)
    assert refusal(ended).startswith("invalid_image: ")
    assert ended.pixels == b""


def test_it_can_write_no_file_that_is_open_already(tmp_path: Path) -> None:
    ended = drive("-c", WRITING, told=f"{tmp_path}/file\n".encode())
    assert ended.answers == [{"refused": errno.EFBIG}], ended.stderr
