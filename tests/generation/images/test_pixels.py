"""What comes out of every kind of picture: upright, RGB, on a sensible ground, within the limits.

In this process, for speed; that the same happens in a confined child is told elsewhere.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageDraw

from generation.errors import InvalidImage
from generation.images.pixels import Refusal, Upright, prepare, upright
from tests.generation.images.pictures import (
    CORNERS,
    RED,
    Colour,
    colour_at,
    corner_colours,
    corners,
    display_p3,
    encoded,
    exif,
    near,
    png,
    stored_as,
)

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parents[2] / "data" / "pictures"
WHITE, BLACK, DARK = (255, 255, 255), (0, 0, 0), (24, 24, 24)


@pytest.fixture(autouse=True, scope="module")
def libraries() -> None:
    prepare()


def middle(picture: Upright) -> Colour:
    return colour_at(picture.image, (picture.image.width // 2, picture.image.height // 2))


def refusal(data: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        upright(data)
    told = refused.value.refused
    return str(InvalidImage(told.reason, **told.facts))


def is_upright(picture: Upright) -> bool:
    colours = corner_colours(picture.image)
    return picture.image.mode == "RGB" and all(map(near, colours, CORNERS, [24] * 4))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_format_is_read(file_format: str) -> None:
    picture = upright(encoded(corners(), file_format))
    assert is_upright(picture)
    assert picture.format == file_format
    assert (picture.source_width, picture.source_height) == picture.image.size == (160, 96)


@pytest.mark.parametrize("name", ["corners.heic", "corners.avif", "turned.heic", "turned.avif"])
def test_pictures_from_phones_are_read_and_turned_once(name: str) -> None:
    picture = upright((SAMPLES / name).read_bytes())
    assert is_upright(picture)
    assert picture.image.size == (160, 96)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_ends_upright(orientation: int) -> None:
    stored = stored_as(corners(), orientation)
    picture = upright(encoded(stored, "JPEG", quality=95, exif=exif(orientation)))
    assert is_upright(picture)
    assert picture.image.size == (160, 96)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_other_formats_are_turned_by_their_exif_too(file_format: str) -> None:
    picture = upright(encoded(stored_as(corners(), 6), file_format, exif=exif(6)))
    assert is_upright(picture)


def test_a_webp_is_not_turned_as_no_browser_turns_it() -> None:
    for lossless in (False, True):
        assert is_upright(upright(encoded(corners(), "WEBP", lossless=lossless, exif=exif(6))))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_nonsense_in_exif_does_not_spoil_the_picture() -> None:
    assert is_upright(upright(encoded(corners(), "JPEG", quality=95, exif=exif(77))))
    broken = b"Exif\0\0II*\0\xff\xff\xff\xff"
    assert is_upright(upright(encoded(corners(), "JPEG", quality=95, exif=broken)))


def test_an_animated_picture_gives_its_first_frame() -> None:
    rest = [Image.new("RGB", (160, 96), BLACK)] * 2
    for file_format in ("GIF", "WEBP", "PNG"):
        data = encoded(corners(), file_format, save_all=True, append_images=rest)
        assert is_upright(upright(data)), file_format


def test_a_picture_made_of_two_views_gives_the_first() -> None:
    other = Image.new("RGB", (160, 96), BLACK)
    data = encoded(corners(), "MPO", save_all=True, append_images=[other], quality=95)
    picture = upright(data)
    assert is_upright(picture)
    assert picture.format == "JPEG"


def test_print_colours_become_screen_colours() -> None:
    ink = Image.new("CMYK", (80, 80), (0, 255, 255, 0))
    for file_format in ("JPEG", "TIFF"):
        assert near(middle(upright(encoded(ink, file_format))), (255, 0, 0), 30)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "I", "F"])
def test_every_pixel_type_becomes_rgb_of_the_same_brightness(mode: str) -> None:
    ramp = Image.linear_gradient("L").resize((96, 96))
    if mode == "I;16":
        image = ramp.convert("I").point(lambda value: value * 257).convert("I;16")
    elif mode == "1":
        image = ramp.convert("1", dither=Image.Dither.NONE)
    else:
        image = ramp.convert(mode)
    picture = upright(encoded(image, "TIFF" if mode in ("F", "I") else "PNG")).image
    assert picture.mode == "RGB"
    assert near(colour_at(picture, (48, 0)), BLACK, 8)
    assert near(colour_at(picture, (48, 95)), WHITE, 8)
    if mode != "1":
        assert near(colour_at(picture, (48, 48)), (129, 129, 129), 8)


def test_sixteen_bits_a_channel_keep_their_colour() -> None:
    line = b"\x00" + bytes.fromhex("c000 4000 2000") * 80
    assert near(middle(upright(png(80, 80, 16, 2, line * 80))), (192, 64, 32), 2)


def test_lab_pixels_become_rgb() -> None:
    lab = Image.merge("LAB", [Image.new("L", (80, 80), value) for value in (136, 208, 195)])
    assert near(middle(upright(encoded(lab, "TIFF"))), (255, 0, 0), 30)


def test_a_wide_gamut_profile_is_converted() -> None:
    wide = Image.new("RGB", (80, 80), (234, 51, 35))  # what Display P3 calls the red of sRGB
    assert near(middle(upright(encoded(wide, "PNG", icc_profile=display_p3()))), RED)
    with_alpha = Image.new("RGBA", (80, 80), (234, 51, 35, 255))
    assert near(middle(upright(encoded(with_alpha, "PNG", icc_profile=display_p3()))), RED)


def test_a_profile_that_is_broken_or_of_another_kind_is_ignored() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red = Image.new("RGB", (80, 80), RED)
    assert middle(upright(encoded(red, "PNG", icc_profile=b"not a profile"))) == RED
    assert near(middle(upright(encoded(red, "PNG", icc_profile=srgb))), RED, 2)
    grey = Image.new("L", (80, 80), 128)
    assert near(middle(upright(encoded(grey, "JPEG", icc_profile=srgb))), (128, 128, 128), 2)
    ink = Image.new("CMYK", (80, 80), (0, 255, 255, 0))
    assert near(middle(upright(encoded(ink, "JPEG", icc_profile=srgb))), RED, 30)


def cut_out(colour: Colour, opacity: int = 255) -> Image.Image:
    """A disc on a transparent ground."""
    image = Image.new("RGBA", (128, 128), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((32, 32, 96, 96), fill=(*colour, opacity))
    return image


@pytest.mark.parametrize(
    ("colour", "ground"),
    [(RED, WHITE), (BLACK, WHITE), ((255, 255, 255), DARK), ((240, 240, 200), DARK)],
)
def test_a_cut_out_is_laid_on_a_ground_that_shows_it(colour: Colour, ground: Colour) -> None:
    for file_format in ("PNG", "WEBP"):
        picture = upright(encoded(cut_out(colour), file_format, lossless=True))
        assert corner_colours(picture.image) == [ground] * 4
        assert near(middle(picture), colour)


def test_a_faint_white_cut_out_is_on_dark_too() -> None:
    assert corner_colours(upright(encoded(cut_out(WHITE, 90), "PNG")).image)[0] == DARK


def test_rounded_corners_of_a_light_screenshot_stay_white() -> None:
    image = Image.new("RGBA", (128, 128), (0, 0, 0, 0))
    ImageDraw.Draw(image).rounded_rectangle((0, 0, 127, 127), 20, fill=(250, 250, 250, 255))
    assert colour_at(upright(encoded(image, "PNG")).image, (0, 0)) == WHITE


def test_transparent_entries_of_a_palette_are_transparent() -> None:
    image = Image.new("P", (80, 80), 0)
    image.putpalette([0, 0, 0, 200, 0, 0])
    image.paste(1, (20, 20, 60, 60))
    for file_format in ("GIF", "PNG"):
        picture = upright(encoded(image, file_format, transparency=0))
        assert corner_colours(picture.image) == [WHITE] * 4
        assert near(middle(picture), (200, 0, 0))


def test_a_picture_with_nothing_to_see_is_refused() -> None:
    assert "invisible" in refusal(encoded(Image.new("RGBA", (80, 80)), "PNG"))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4000, 3000), (2560, 1920)), ((700, 2570), (697, 2560)), ((2560, 100 * 8), (2560, 800))],
)
def test_a_large_picture_is_scaled_down_to_2560_a_side(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    image = corners(*size)
    for file_format in ("JPEG", "BMP"):
        picture = upright(encoded(image, file_format))
        assert picture.image.size == expected
        assert (picture.source_width, picture.source_height) == size
        assert is_upright(picture)


@pytest.mark.parametrize("size", [(64, 64), (256, 64), (64, 256)])
def test_the_limits_themselves_are_allowed(size: tuple[int, int]) -> None:
    assert upright(encoded(Image.new("RGB", size), "PNG")).image.size == size


@pytest.mark.parametrize(
    ("size", "why"),
    [
        ((63, 100), "too_small, width=63, height=100, least=64"),
        ((100, 63), "too_small, width=100, height=63, least=64"),
        ((257, 64), "too_narrow, width=257, height=64, most=4"),
        ((64, 257), "too_narrow, width=64, height=257, most=4"),
    ],
)
def test_beyond_the_limits_the_refusal_tells_them(size: tuple[int, int], why: str) -> None:
    assert why in refusal(encoded(Image.new("RGB", size), "PNG"))


@pytest.mark.parametrize(("size", "told"), [((10_000, 6500), "65.0"), ((8001, 8000), "64.1")])
def test_too_many_pixels_are_refused_from_the_header(size: tuple[int, int], told: str) -> None:
    assert f"too_many_pixels, megapixels={told}, most=64" in refusal(png(*size, 8, 2, b""))


def bitmap(width: int, height: int) -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 154, 0, 0, 54) + header + bytes(100)


def icon(width: int, height: int) -> bytes:
    """An icon file whose one bitmap has this size and no pixels."""
    header = struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, 24, 0, 0, 0, 0, 0, 0)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 160, 96, 0, 0, 0, 24, 40, 22) + header


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bitmap(2_000_000_000, 100), "too_many_pixels, megapixels=200000.0, most=64"),
        (bitmap(20_000, 20_000), "too_many_pixels, megapixels=400.0, most=64"),
        (png(60_000, 60_000, 8, 2, b""), "too_many_pixels, megapixels=3600.0, most=64"),
        (bitmap(-100, 100), "no_such_size, width=-100, height=100"),
        (bitmap(100, 0), "no_such_size, width=100, height=0"),
        (png(0, 100, 8, 2, b""), "no_such_size, width=0, height=100"),
        (icon(30_000, 30_000), "too_many_pixels, megapixels=900.0, most=64"),
        (icon(-160, 96), "no_such_size, width=-160, height=96"),
        (icon(160, 96), "damaged"),
        (b"\0\0\1\0\2\0", "damaged"),
        (bitmap(1000, 1000), "damaged"),
        (bitmap(1000, -1000)[:20], "damaged"),
    ],
)
def test_an_absurd_size_is_named_before_what_else_is_wrong(data: bytes, why: str) -> None:
    assert why in refusal(data)


def test_the_preview_in_a_raw_file_is_not_taken_for_the_picture() -> None:
    assert "raw" in refusal(encoded(corners(), "TIFF", tiffinfo={50706: b"\1\4\0\0"}))
    assert "raw" in refusal(encoded(corners(), "TIFF", tiffinfo={254: 1}))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_a_picture_that_is_cut_off_is_refused(file_format: str) -> None:
    noise = Image.effect_noise((160, 96), 90).convert("RGB")
    data = encoded(noise, file_format)
    assert "damaged" in refusal(data[: len(data) // 2])


def test_the_name_of_a_format_inside_proves_nothing() -> None:
    assert "damaged" in refusal(b"\x89PNG\r\n\x1a\n" + encoded(corners(), "JPEG"))
    assert "damaged" in refusal(b"\xff\xd8\xff\xe0" + bytes(100))
