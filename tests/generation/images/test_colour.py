"""Wide, linear and HDR pictures in sRGB; the numbers are what Chromium 156 shows of them."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from generation.images.pixels import prepare, upright
from tests.generation.images.pictures import (
    chunk,
    colour_at,
    corners,
    display_p3,
    encoded,
    png,
)

SRGB = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
P3 = (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
ANY = (0.8, 0.1, 0.1)


@pytest.fixture(autouse=True, scope="module")
def libraries() -> None:
    prepare()


def pq(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Code values of light in cd/m² (SMPTE ST 2084)."""
    root = (light / 10_000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * root) / (1 + 18.6875 * root)) ** 78.84375


def painted(codes: tuple[float, ...] | NDArray[np.float64], *described: bytes) -> bytes:
    """A PNG of 16 bits a channel, of one colour."""
    line = struct.pack(">3H", *(round(float(code) * 65535) for code in codes)) * 80
    plain = png(80, 80, 16, 2, (b"\0" + line) * 80)
    return plain[:33] + b"".join(described) + plain[33:]


def shown(*painting: object) -> tuple[int, int, int]:
    codes, *described = painting
    return colour_at(upright(painted(codes, *described)).image, (40, 40))  # type: ignore[arg-type]


def cicp(primaries: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, 0, 1]))


def gama(gamma: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(gamma * 100_000)))


def chrm(points: tuple[float, ...]) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in points)))


def iccp(profile: bytes) -> bytes:
    return chunk(b"iCCP", b"profile\0\0" + zlib.compress(profile))


@pytest.mark.parametrize(
    ("light", "level"),
    [(0, 0), (1, 8), (10, 43), (100, 136), (203, 187), (400, 223), (800, 248), (4000, 255)],
)
def test_pq_light_gets_the_level_it_has_in_a_browser(light: float, level: int) -> None:
    found = shown(pq(np.full(3, float(light))), cicp(9, 16))
    assert found == pytest.approx((level,) * 3, abs=2)


@pytest.mark.parametrize(
    ("numbers", "codes", "expected"),
    [
        ((9, 16), pq(np.array([203.0, 1e-9, 1e-9])), (235, 0, 0)),
        ((9, 16), pq(np.array([1000.0, 100.0, 100.0])), (255, 0, 82)),
        ((1, 16), pq(np.array([1000.0, 100.0, 100.0])), (255, 102, 102)),
        ((12, 16), pq(np.array([50.0, 100.0, 200.0])), (87, 137, 191)),
        ((9, 18), ANY, (239, 0, 0)),
        ((9, 18), (0.5, 0.3, 0.2), (110, 49, 31)),
        ((12, 13), ANY, (223, 0, 0)),
        ((9, 14), (0.5, 0.3, 0.2), (145, 55, 32)),
        ((1, 8), (0.5, 0.3, 0.2), (188, 148, 124)),
        ((1, 4), (0.5, 0.3, 0.2), (129, 75, 48)),
        ((11, 17), (0.5, 0.3, 0.2), (124, 57, 27)),
        ((6, 1), (0.5, 0.3, 0.2), (118, 67, 39)),
        ((2, 2), ANY, (204, 25, 25)),
    ],
)
def test_every_coding_by_number_looks_as_in_a_browser(
    numbers: tuple[int, int], codes: object, expected: tuple[int, int, int]
) -> None:
    assert shown(codes, cicp(*numbers)) == pytest.approx(expected, abs=3)


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ((gama(1.0),), (231, 88, 88)),
        ((gama(0.55556),), (214, 33, 33)),
        ((gama(0.45455),), (204, 25, 25)),
        ((chrm(P3),), (204, 25, 25)),
        ((gama(0.45455), chrm(SRGB)), (205, 18, 18)),
        ((gama(1.0), chrm(P3)), (250, 74, 82)),
        ((gama(1.0), chunk(b"sRGB", b"\0")), (204, 25, 25)),
        ((gama(1.0), iccp(display_p3())), (224, 0, 0)),
        ((iccp(display_p3()), chunk(b"sRGB", b"\0")), (224, 0, 0)),
        ((iccp(display_p3()), cicp(1, 13)), (204, 25, 25)),
        ((iccp(display_p3()), cicp(2, 2)), (224, 0, 0)),
        ((gama(0.0),), (204, 25, 25)),
        ((iccp(b"not a profile"), gama(1.0)), (231, 88, 88)),
        ((iccp(display_p3()[:200]), gama(0.45455), chrm(P3)), (224, 0, 0)),
        ((chunk(b"iCCP", b"profile\0\0not packed"), gama(1.0)), (231, 88, 88)),
        ((iccp(b"not a profile"), chunk(b"sRGB", b"\0"), gama(1.0)), (204, 25, 25)),
    ],
    ids=str,
)
def test_descriptions_count_in_the_standards_order(
    described: tuple[bytes, ...], expected: tuple[int, int, int]
) -> None:
    assert shown(ANY, *described) == pytest.approx(expected, abs=4)


def test_the_brightest_light_of_the_picture_decides_what_white_is() -> None:
    light = pq(np.full(3, 600.0))
    brightest = chunk(b"cLLI", struct.pack(">II", 4000 * 10_000, 100 * 10_000))
    points = (35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450)
    screen = chunk(b"mDCV", struct.pack(">8HII", *points, 600 * 10_000, 50))
    assert shown(light, cicp(9, 16))[0] == pytest.approx(239, abs=2)
    assert shown(light, cicp(9, 16), brightest)[0] == pytest.approx(215, abs=2)
    assert shown(light, cicp(9, 16), screen)[0] == 255


def test_sixteen_bits_keep_the_shadows_of_linear_light_apart() -> None:
    found = {shown((step / 2048,) * 3, gama(1.0))[0] for step in range(8)}
    assert len(found) == 8


def test_avif_and_heic_name_their_coding_by_the_same_numbers() -> None:
    for file_format in ("AVIF", "HEIF"):
        data = encoded(corners(), file_format, quality=95)
        at = data.index(b"nclx") + 4
        linear = data[:at] + struct.pack(">HH", 1, 8) + data[at + 4 :]
        video = data[:at] + struct.pack(">HH", 1, 1) + data[at + 4 :]
        assert colour_at(upright(linear).image, (120, 20))[1] == pytest.approx(188, abs=3)
        assert colour_at(upright(video).image, (120, 20))[1] == pytest.approx(129, abs=3)


def test_an_hdr_profile_counts_by_the_numbers_in_it() -> None:
    profile = bytearray(display_p3())
    at = profile.index(b"cprt")
    where = struct.unpack_from(">I", profile, at + 4)[0]
    profile[at : at + 4] = b"cicp"
    profile[where : where + 12] = b"cicp\0\0\0\0" + bytes([9, 16, 0, 1])
    light = pq(np.full(3, 203.0))
    assert shown(light, iccp(bytes(profile))) == pytest.approx((187,) * 3, abs=2)
