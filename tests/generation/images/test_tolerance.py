"""What a file may lack and still be a picture, and what is said where it lacks too much."""

from __future__ import annotations

import os
import struct
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from generation.errors import InvalidImage
from generation.images.pixels import Refusal, prepare, upright
from tests.generation.images.pictures import (
    CORNERS,
    chunk,
    colour_at,
    corner_colours,
    corners,
    encoded,
    exif,
    near,
    png,
)

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = chunk(b"IEND", b"")
HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 160, 96, 8, 2, 0, 0, 0))
LINES = b"".join(b"\0" + row.tobytes() for row in np.asarray(corners()))
GREYS = np.asarray(Image.linear_gradient("L").resize((96, 96))).astype(np.float32)


@pytest.fixture(autouse=True, scope="module")
def libraries() -> None:
    prepare()


def refusal(data: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        upright(data)
    told = refused.value.refused
    return str(InvalidImage(told.reason, **told.facts))


def is_corners(data: bytes) -> bool:
    return all(map(near, corner_colours(upright(data).image), CORNERS, [24] * 4))


def grainy() -> Image.Image:
    """320 × 320 pixels of which every block takes some bytes."""
    grain = np.random.default_rng(1).normal(0, 25, (320, 320, 3))
    return Image.fromarray(np.clip(np.asarray(corners(320, 320)) + grain, 0, 255).astype(np.uint8))


def wrong(name: bytes, body: bytes) -> bytes:
    return chunk(name, body)[:-4] + b"abcd"


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_a_jpeg_that_lacks_only_its_end_is_whole(options: dict[str, int]) -> None:
    data = encoded(grainy(), "JPEG", quality=90, **options)
    whole = upright(data)
    for cut in (1, 2):
        picture = upright(data[:-cut])
        assert picture.missing == 0
        assert picture.image.tobytes() == whole.image.tobytes()


def test_a_jpeg_that_lacks_under_a_twentieth_is_taken_and_says_so() -> None:
    data = encoded(grainy(), "JPEG", quality=90)
    whole, picture = upright(data), upright(data[: len(data) * 98 // 100])
    assert 0.01 < picture.missing < 0.04
    there = (0, 0, 320, 288)
    assert picture.image.crop(there).tobytes() == whole.image.crop(there).tobytes()
    assert near(colour_at(picture.image, (310, 319)), (255, 255, 0), 90)  # and no flat grey


@pytest.mark.parametrize("kept", [10, 50, 80, 92])
def test_a_jpeg_that_lacks_more_is_refused(kept: int) -> None:
    data = encoded(grainy(), "JPEG", quality=90)
    assert "damaged" in refusal(data[: len(data) * kept // 100])


def test_a_progressive_jpeg_may_lack_its_last_bits_and_no_more() -> None:
    data = encoded(grainy(), "JPEG", quality=90, progressive=True)
    whole, cut = upright(data).image, upright(data[: len(data) * 9 // 10]).image
    difference = np.abs(np.asarray(whole).astype(int) - np.asarray(cut))
    assert 0 < difference.mean() < 4
    assert "damaged" in refusal(data[: len(data) // 10])


def test_a_jpeg_that_goes_over_its_pixels_a_hundred_times_is_refused_before_it_is_decoded() -> None:
    whole = encoded(corners(), "JPEG", progressive=True)
    scan = whole[whole.rindex(b"\xff\xda") : -2]
    assert upright(whole[:-2] + scan * 40 + b"\xff\xd9").missing == 0
    with pytest.raises(Refusal, match="too_slow"):
        upright(whole[:-2] + scan * 100 + b"\xff\xd9")
    comments = b"".join(b"\xff\xfe\x00\x04\xff\xda" for _ in range(100))  # no scans, only so called
    assert upright(whole[:2] + comments + whole[2:]).missing == 0


def test_png_chunks_that_only_describe_may_be_broken_or_huge() -> None:
    pixels = chunk(b"IDAT", zlib.compress(LINES))
    huge = b"workflow\0\0" + zlib.compress(bytes(3_000_000))
    for odd in (
        wrong(b"tEXt", b"Comment\0hello"),
        wrong(b"pHYs", bytes(9)),
        wrong(b"tRNS", bytes(6)),
        wrong(b"iCCP", b"profile"),
        chunk(b"zTXt", huge),
        chunk(b"iTXt", b"prompt\0\0\0\0\0" + b"x" * 2_000_000),
        chunk(b"iCCP", huge),
        chunk(b"gAMA", b"\0"),
        chunk(b"cHRM", bytes(32)) + chunk(b"gAMA", struct.pack(">I", 45455)),
    ):
        assert is_corners(SIGNATURE + HEADER + odd + pixels + END), odd[4:8]


def test_a_png_whose_pixels_are_all_there_needs_no_end_and_no_checksum() -> None:
    packed = zlib.compress(LINES)
    start = SIGNATURE + HEADER
    for rest in (
        chunk(b"IDAT", packed),
        chunk(b"IDAT", packed[:-4]),
        chunk(b"IDAT", packed[:-4] + b"abcd") + END,
        wrong(b"IDAT", packed) + END,
        chunk(b"IDAT", packed)[:-8],
        chunk(b"IDAT", packed) + END + b"what somebody appended",
    ):
        picture = upright(start + rest)
        assert picture.missing == 0
        assert picture.image.tobytes() == corners().tobytes()


def test_a_png_that_lacks_some_lines_repeats_the_last_and_one_that_lacks_many_is_refused() -> None:
    lines = b"".join(b"\0" + os.urandom(480) for _ in range(96))
    packed = zlib.compress(lines)
    picture = upright(SIGNATURE + HEADER + chunk(b"IDAT", packed[: len(packed) * 97 // 100]))
    assert 0.02 < picture.missing <= 0.05
    last = round(96 * (1 - picture.missing)) - 1
    assert picture.image.getpixel((7, 95)) == picture.image.getpixel((7, last))
    assert "damaged" in refusal(SIGNATURE + HEADER + chunk(b"IDAT", packed[: len(packed) // 2]))


def test_what_stands_in_for_exif_does_not_turn_a_picture() -> None:
    packet = b'<rdf:Description tiff:Orientation="6"/>'
    assert is_corners(encoded(corners(), "JPEG", quality=95, xmp=packet))
    late = encoded(corners(), "PNG")[:-12] + chunk(b"eXIf", exif(6).tobytes()[6:]) + END
    assert is_corners(late)  # after the pixels it counts for nothing in browsers


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG", "AVIF"])
@pytest.mark.parametrize("first", ["empty", "black"])
def test_an_animation_gives_its_first_frame_with_something_to_see(
    file_format: str, first: str
) -> None:
    picture = corners().convert("RGBA" if first == "empty" else "RGB")
    blank = Image.new(picture.mode, picture.size)
    frames = [blank, picture, blank]
    data = encoded(blank, file_format, save_all=True, append_images=frames, lossless=True)
    assert is_corners(data)


def test_an_animation_that_stays_black_is_looked_through_only_so_far() -> None:
    black = Image.new("RGB", (96, 96))
    dark = [Image.new("RGB", (96, 96), (index % 8,) * 3) for index in range(200)]
    data = encoded(black, "PNG", save_all=True, append_images=[*dark, corners(96, 96)])
    assert corner_colours(upright(data).image) == [(0, 0, 0)] * 4


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        (GREYS / 255, (0, 64, 129, 254)),
        (GREYS * 1000 - 500, (0, 64, 129, 254)),
        (np.where(GREYS < 40, np.nan, GREYS / 255), (0, 64, 129, 254)),
        (np.where(GREYS < 40, -np.inf, GREYS / 255), (0, 64, 129, 254)),
        (GREYS * np.nan, (0, 0, 0, 0)),
    ],
    ids=["share", "anything", "nan", "infinite", "nothing"],
)
def test_floating_greys_are_shown_by_their_own_scale(
    numbers: np.ndarray, shown: tuple[int, ...]
) -> None:
    image = upright(encoded(Image.fromarray(numbers.astype(np.float32)), "TIFF")).image
    found = [colour_at(image, (48, y))[0] for y in (0, 24, 48, 95)]
    assert found == pytest.approx(shown, abs=3)


@pytest.mark.parametrize("mode", ["L", "I;16", "F"])
def test_a_tiff_in_which_white_is_zero_is_no_negative(mode: str) -> None:
    scale = {"L": (np.uint8, 1), "I;16": (np.uint16, 257), "F": (np.float32, 1 / 255)}[mode]
    numbers = (GREYS * scale[1]).astype(scale[0])
    data = encoded(Image.fromarray(numbers), "TIFF")
    entry = struct.pack("<HHI", 262, 3, 1)  # how the numbers are meant: 1 is "black is zero"
    image = upright(data.replace(entry + b"\1", entry + b"\0")).image
    found = [colour_at(image, (48, y))[0] for y in (0, 48, 95)]
    assert found == pytest.approx((255, 126, 0), abs=3)


def test_what_is_really_wrong_is_named() -> None:
    picture = corners()
    floating = encoded(picture, "TIFF", tiffinfo={339: (3, 3, 3), 258: (32, 32, 32)})
    entry = struct.pack("<HHI", 258, 3, 3)
    where = struct.unpack_from("<I", floating, floating.index(entry) + 8)[0]
    floating = floating[:where] + struct.pack("<HHH", 32, 32, 32) + floating[where + 6 :]
    assert "floating_tiff" in refusal(floating)
    bitmap = bytearray(encoded(picture, "BMP"))
    for width, height, why in (
        (2**31 - 1, 2**31 - 1, "too_many_pixels"),
        (40_000, 40_000, "too_many_pixels"),
        (1_000_000, 64, "damaged"),
        (0, 96, "no_such_size"),
    ):
        struct.pack_into("<ii", bitmap, 18, width, height)
        assert why in refusal(bytes(bitmap))
    assert "too_many_pixels, megapixels=65.0" in refusal(png(10_000, 6500, 8, 2, b""))


def test_heif_is_known_by_what_is_inside_and_not_by_its_brand() -> None:
    for file_format, brand in (("HEIF", b"heic"), ("AVIF", b"avif")):
        data = encoded(corners(), file_format, quality=95)
        for other in (b"mif1", b"mif2", b"miaf", b"abcd", brand):
            renamed = data[:8] + other + data[12:]
            assert is_corners(renamed), (file_format, other)
    strange = encoded(corners(), "HEIF").replace(b"hvc1", b"vvc1")
    assert "rare_heif" in refusal(strange)


def test_broken_boxes_of_heif_end_in_a_sentence_or_the_picture() -> None:
    data = encoded(corners(), "HEIF", quality=95)
    for name in (b"iprp", b"ipco", b"ipma", b"pitm", b"iinf", b"colr"):
        at = data.index(name) - 4 if name in data else 0
        for size in (b"\0\0\0\1", b"\0\0\0\2", b"\xff\xff\xff\xff"):
            broken = data[:at] + size + data[at + 4 :]
            with suppress(Refusal):
                assert upright(broken).image.size == (160, 96)


def test_a_multi_page_tiff_gives_its_first_page_and_of_previews_the_largest() -> None:
    other = Image.new("RGB", (160, 96))
    pages = BytesIO()
    corners().save(pages, "TIFF", save_all=True, append_images=[other, other])
    assert is_corners(pages.getvalue())
