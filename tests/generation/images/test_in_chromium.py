"""Ours beside Chromium's, pixel by pixel, over colours chosen at random."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from generation.images.pixels import prepare, upright
from tests.generation.images.chromium import Chromium, chromium
from tests.generation.images.kinds import KINDS
from tests.generation.images.pictures import chunk, encoded, png
from tests.generation.images.test_kinds import SHOWN, TOLERATED

pytestmark = pytest.mark.slow

SIDE = 96
TYPES = {"jpg": "jpeg", "png": "png", "webp": "webp", "ico": "x-icon"}
DIFFERENT_ON_PURPOSE = ("first_frame_blank", "bmp_", "jpg_missing_eoi")
"""There a browser shows the transparent beginning, nothing at all, or grey where lines are."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    prepare()
    with chromium() as running:
        yield running


def colours() -> bytes:
    """Scan lines of 16 bits a channel, from black to white and beyond white for PQ."""
    numbers = np.random.default_rng(3).integers(0, 50_000, (SIDE, SIDE, 3)).astype(">u2")
    return b"".join(b"\0" + line.tobytes() for line in numbers)


def difference(browser: Chromium, data: bytes, kind: str) -> np.ndarray:
    theirs = np.asarray(browser.shown(data, kind).convert("RGB")).astype(int)
    found: np.ndarray = np.abs(theirs - np.asarray(upright(data).image))
    return found


@pytest.mark.parametrize("primaries", [1, 9, 12])
@pytest.mark.parametrize("transfer", [1, 4, 8, 13, 16, 18])
def test_a_png_with_any_coding_looks_as_in_chromium(
    browser: Chromium, primaries: int, transfer: int
) -> None:
    plain = png(SIDE, SIDE, 16, 2, colours())
    described = chunk(b"cICP", bytes([primaries, transfer, 0, 1]))
    found = difference(browser, plain[:33] + described + plain[33:], "png")
    assert found.mean() < 0.6
    assert np.percentile(found, 99) <= 4


@pytest.mark.parametrize("numbers", [(9, 16), (9, 18), (12, 13), (1, 1), (9, 14), (1, 8)])
def test_an_avif_with_any_coding_looks_as_in_chromium(
    browser: Chromium, numbers: tuple[int, int]
) -> None:
    ramp = Image.linear_gradient("L").resize((SIDE, SIDE))
    image = Image.merge("RGB", (ramp, ramp.transpose(Image.Transpose.ROTATE_90), ramp))
    data = encoded(image, "AVIF", quality=95)
    at = data.index(b"nclx") + 4
    found = difference(browser, data[:at] + struct.pack(">HH", *numbers) + data[at + 4 :], "avif")
    assert found.mean() < 1.5
    assert np.percentile(found, 99) <= 6


@pytest.mark.filterwarnings("ignore:Tag data larger", "ignore:Image appears to be a malformed MPO")
@pytest.mark.parametrize("name", [name for name in KINDS if name.rsplit(".")[1] in TYPES])
def test_every_kind_it_can_show_looks_the_same(browser: Chromium, name: str) -> None:
    assert difference(browser, KINDS[name](), TYPES[name.rsplit(".")[1]]).mean() < 1


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in SHOWN
        if name.rsplit(".")[1] in TYPES and not any(part in name for part in DIFFERENT_ON_PURPOSE)
    ],
)
def test_what_other_programs_made_looks_the_same(browser: Chromium, name: str) -> None:
    data = (TOLERATED / name).read_bytes()
    assert difference(browser, data, TYPES[name.rsplit(".")[1]]).mean() < 2
