"""Which clips leave room for a larger or a longer one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.submission.doubling import check_doubled, may_double, same_as
from bot.submission.options import Options
from bot.submission.remix import may_extend
from generation.errors import UnsupportedOption
from generation.jobs import Clip


@pytest.mark.parametrize(
    ("width", "height", "frames", "doubles", "extends"),
    [
        (704, 480, 161, True, True),
        (960, 544, 257, True, True),
        (704, 480, 265, False, True),
        (1280, 704, 161, False, True),
        (1408, 960, 161, False, False),
        (704, 480, 1441, False, False),
    ],
)
def test_room_is_told_by_size_and_length(
    width: int, height: int, frames: int, doubles: bool, extends: bool
) -> None:
    clip = Clip(Path("clip.mp4"), width, height, frames, fps=24, seed=1, size=1)
    assert (may_double(clip), may_extend(clip)) == (doubles, extends)
    if not doubles:
        with pytest.raises(UnsupportedOption, match="clip_too_l"):
            check_doubled(clip)


def test_a_drafts_clip_is_doubled_and_drafted_no_further() -> None:
    draft = Clip(Path("clip.mp4"), 320, 224, 97, fps=24, seed=1, size=1)
    wanted = same_as(draft, Options(size="704x480", num_frames=161, draft=True))
    assert wanted == Options(size="320x224", num_frames=97, fps=24)
