"""The kinds of files people really send, and that each looks as it should."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from generation.images.pixels import prepare, upright
from tests.generation.images.kinds import KINDS
from tests.generation.images.pictures import CORNERS, Colour, colour_at, corner_colours, near

TOLERATED = Path(__file__).parents[2] / "data" / "pictures" / "tolerated"

QUARTERS = ((220, 30, 30), (20, 150, 40), (30, 40, 220), (230, 210, 40))
"""What those pictures show that were made by other programs."""

SHOWN = (
    "apng_first_frame_blank.png",
    "bmp_v5_alpha_all_zero.bmp",
    "heif_major_mif2.heic",
    "jpg_exif_none_xmp6.jpg",
    "jpg_missing_eoi.jpg",
    "jpg_progressive_missing_eoi.jpg",
    "png_gama_linear_16bit.png",
    "png_iccp_1300k.png",
    "png_itxt_workflow_1650k.png",
    "png_phys_crc_wrong.png",
    "png_text_crc_wrong.png",
    "png_ztxt_workflow_1650k.png",
    "tif_thumb_first.tif",
    "webp_first_frame_blank.webp",
)


@pytest.fixture(autouse=True, scope="module")
def libraries() -> None:
    prepare()


def quarters(image: Image.Image) -> list[Colour]:
    places = [(x, y) for y in (1, 3) for x in (1, 3)]
    return [colour_at(image, (image.width * x // 4, image.height * y // 4)) for x, y in places]


@pytest.mark.filterwarnings("ignore:Tag data larger", "ignore:Image appears to be a malformed MPO")
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_looks_as_it_should(name: str) -> None:
    picture = upright(KINDS[name]())
    assert picture.image.size == (160, 96)
    assert all(map(near, corner_colours(picture.image), CORNERS, [24] * 4))
    assert picture.missing == 0


@pytest.mark.parametrize("name", SHOWN)
def test_what_a_browser_shows_is_taken_and_looks_the_same(name: str) -> None:
    picture = upright((TOLERATED / name).read_bytes())
    assert picture.image.size == (192, 128)
    assert all(map(near, quarters(picture.image), QUARTERS))
    assert picture.missing == 0


def test_a_gif_that_begins_blank_gives_its_second_frame() -> None:
    """Its palette has one entry too few, so that the yellow quarter is transparent."""
    image = upright((TOLERATED / "gif_first_frame_blank.gif").read_bytes()).image
    assert all(map(near, quarters(image), (*QUARTERS[:3], (255, 255, 255))))


def test_a_photograph_without_its_end_marker_is_whole() -> None:
    picture = upright((TOLERATED / "photo_progressive_eoi_missing.jpg").read_bytes())
    assert (picture.image.size, picture.missing) == ((512, 512), 0)
    assert near(colour_at(picture.image, (128, 128)), (195, 185, 183), 3)
    assert near(colour_at(picture.image, (128, 384)), (203, 83, 49), 3)


@pytest.mark.parametrize("name", ["png_cicp_pq_2020.png", "heic_pq_2020.heic"])
def test_an_hdr_picture_keeps_its_saturation(name: str) -> None:
    red, green, blue, yellow = quarters(upright((TOLERATED / name).read_bytes()).image)
    assert near(red, (161, 19, 19), 4)  # in Chromium
    assert near(green, (11, 109, 26), 4)
    assert near(blue, (19, 26, 161), 10)
    assert near(yellow, (169, 154, 26), 5)
    assert 1 - min(red) / max(red) >= 0.75
