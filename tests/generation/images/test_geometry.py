"""The grid's laws: whatever is asked for, what comes out can be rendered and shows the picture."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.errors import UnsupportedOption
from generation.images.geometry import (
    MAX_SIDE,
    MIN_SIDE,
    SIDE_STEP,
    Size,
    check_fps,
    check_frames,
    fit,
    frames_for,
    in_reach,
    on_grid,
    parse_size,
)

SIDES = st.integers(64, 20_000)
FPS = st.integers(1, 60)
BUDGETS = st.integers(4 * 64 * 64, 2_000_000)  # the least that has room for 4:1
GRID = st.integers(MIN_SIDE // SIDE_STEP, MAX_SIDE // SIDE_STEP).map(lambda n: n * SIDE_STEP)
SIZES = st.builds(Size, GRID, GRID)


@st.composite
def pictures(draw: st.DrawFn) -> tuple[int, int]:
    """Width and height of a picture of at most 4:1."""
    short = draw(st.integers(64, 6000))
    long = draw(st.integers(short, 4 * short))
    return (long, short) if draw(st.booleans()) else (short, long)


@settings(deadline=None)
@given(pictures(), BUDGETS)
def test_a_fitted_size_is_on_the_grid_and_within_the_budget(
    picture: tuple[int, int], budget: int
) -> None:
    size = fit(*picture, budget)
    assert on_grid(size) == size
    assert size.pixels <= budget


@settings(deadline=None)
@given(pictures(), BUDGETS)
def test_a_fitted_size_keeps_the_aspect_within_one_grid_step(
    picture: tuple[int, int], budget: int
) -> None:
    size = fit(*picture, budget)
    aspect = picture[0] / picture[1]
    off = min(abs(size.width - size.height * aspect), abs(size.height - size.width / aspect))
    assert off <= SIDE_STEP


@settings(deadline=None)
@given(SIDES, SIDES, st.integers(64 * 64, 2_000_000))
def test_fitting_a_fitted_size_changes_nothing(width: int, height: int, budget: int) -> None:
    size = fit(width, height, budget)
    assert fit(size.width, size.height, budget) == size


@settings(deadline=None)
@given(SIDES, SIDES, BUDGETS)
def test_a_turned_picture_gets_the_turned_size(width: int, height: int, budget: int) -> None:
    size, turned = fit(width, height, budget), fit(height, width, budget)
    assert turned.pixels == size.pixels
    assert math.isclose(
        abs(math.log(turned.aspect * width / height)), abs(math.log(size.aspect * height / width))
    )


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (4000, 3000, "640x480"),
        (6000, 4000, "672x448"),
        (1920, 1080, "736x416"),
        (1080, 1920, "416x736"),
        (512, 512, "576x576"),
        (4000, 1000, "1152x288"),
    ],
)
def test_common_pictures_get_the_size_one_would_choose(
    width: int, height: int, expected: str
) -> None:
    assert str(fit(width, height, 704 * 480)) == expected


def test_a_picture_without_pixels_or_a_budget_without_a_size_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no aspect"):
        fit(0, 100, 100_000)
    with pytest.raises(ValueError, match="no size"):
        fit(100, 100, 4095)


@settings(deadline=None)
@given(st.floats() | st.floats(0, 300), FPS)
def test_seconds_become_the_nearest_frames_of_8k_plus_1_or_a_sentence(
    seconds: float, fps: int
) -> None:
    if 9 <= seconds * fps <= 257:
        frames = frames_for(seconds, fps)
        assert check_frames(frames) == frames
        assert abs(frames - seconds * fps) <= 4 + 1e-6
    elif not 5 <= seconds * fps < 261:  # what lies between rounds to a limit
        with pytest.raises(UnsupportedOption, match="seconds_range") as refused:
            frames_for(seconds, fps)
        assert refused.value.param == "seconds"


@settings(deadline=None)
@given(FPS)
def test_the_seconds_that_a_refusal_offers_are_accepted(fps: int) -> None:
    with pytest.raises(UnsupportedOption) as refused:
        frames_for(math.inf, fps)
    offered = [float(str(refused.value.facts[name])) for name in ("low", "high")]
    assert [check_frames(frames_for(seconds, fps)) for seconds in offered] == [
        frames_for(offered[0], fps),
        frames_for(offered[1], fps),
    ]
    assert offered[0] < offered[1]


@pytest.mark.parametrize(("frames", "near"), [(0, 9), (96, 97), (100, 97), (101, 105), (500, 257)])
def test_a_frame_count_off_the_grid_is_refused_with_the_nearest(frames: int, near: int) -> None:
    with pytest.raises(UnsupportedOption, match="frames_grid") as refused:
        check_frames(frames)
    assert refused.value.facts["nearest"] == near


@pytest.mark.parametrize("fps", [-1, 0, 61])
def test_a_frame_rate_out_of_range_is_refused_by_its_own_name(fps: int) -> None:
    with pytest.raises(UnsupportedOption, match="out_of_range, low=1, high=60") as refused:
        check_fps(fps)
    assert refused.value.param == "fps"
    with pytest.raises(UnsupportedOption, match="out_of_range, low=1, high=60"):
        frames_for(4.0, fps)


@settings(deadline=None)
@given(SIZES)
def test_every_size_on_the_grid_can_be_asked_for_in_words(size: Size) -> None:
    assert parse_size(str(size)) == size
    assert parse_size(f" {size.width} × {size.height} ") == size


def test_auto_stays_auto() -> None:
    assert parse_size(" Auto") == "auto"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("large", "size_format"),
        ("", "size_format"),
        ("9999999999x64", "size_format"),
        ("-704x480", "size_format"),
    ],
)
def test_what_is_no_size_is_refused_with_what_to_write(text: str, why: str) -> None:
    with pytest.raises(UnsupportedOption, match=why) as refused:
        parse_size(text)
    assert refused.value.param == "size"


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ("1280x720", "1280x704"),
        ("720x1280", "704x1280"),
        ("1920x1080", "1280x704"),
        ("1792x1024", "1280x704"),
        ("1024x1792", "704x1280"),
        ("4000x3000", "1280x960"),
        ("700x480", "704x480"),
        ("32x32", "64x64"),
        ("60x120", "64x128"),
        ("25600x1280", "1280x64"),
    ],
)
def test_a_size_off_the_grid_becomes_the_nearest_of_its_shape(asked: str, made: str) -> None:
    size = parse_size(asked)
    assert size != "auto"
    assert str(on_grid(size)) == made


@settings(deadline=None)
@given(st.integers(1, 99_999), st.integers(1, 99_999))
def test_every_shape_that_fits_the_grid_is_taken_and_stays(width: int, height: int) -> None:
    asked = Size(width, height)
    if max(width, height) > 20 * min(width, height):
        with pytest.raises(UnsupportedOption, match="size_grid"):
            on_grid(asked)
        return
    size = on_grid(asked)
    assert {side % 32 for side in (size.width, size.height)} == {0}
    assert 64 <= min(size.width, size.height) <= max(size.width, size.height) <= 1280
    assert on_grid(size) == size
    assert (size.width >= size.height) == (width >= height) or size.width == size.height


@pytest.mark.parametrize("text", ["0x0", "0x64", "64x0", "9999x64"])
def test_a_size_of_no_shape_that_fits_is_refused_with_the_nearest(text: str) -> None:
    size = parse_size(text)
    assert size != "auto"
    with pytest.raises(UnsupportedOption, match=r"size_grid.*nearest=") as refused:
        on_grid(size)
    assert refused.value.param == "size"


@settings(deadline=None)
@given(st.floats(0.001, 3600), FPS)
def test_a_length_beyond_the_longest_or_the_shortest_becomes_it(seconds: float, fps: int) -> None:
    kept = in_reach(seconds, fps)
    assert kept == seconds or frames_for(kept, fps) == (257 if kept < seconds else 9)


@pytest.mark.parametrize("seconds", [4000.0, 0.0, -1.0, math.nan, math.inf])
def test_none_at_all_and_more_than_an_hour_is_refused_rather_than_changed(seconds: float) -> None:
    with pytest.raises(UnsupportedOption, match="seconds_range"):
        frames_for(in_reach(seconds, 24), 24)
