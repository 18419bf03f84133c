"""A model makes half of a boomerang; what comes back is made of the same frames."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from generation.images.geometry import forth_of
from generation.pipelines.ltx.boomerang import sound_of, way_back


@pytest.mark.parametrize("frames", [9, 17, 161, 257])
def test_it_has_exactly_the_asked_frames_and_none_twice_in_a_row(frames: int) -> None:
    forth = np.arange(forth_of(frames), dtype=np.uint8)
    whole = [int(frame) for frame in (*forth, *way_back(forth))]
    assert len(whole) == frames
    assert all(one != two for one, two in pairwise([*whole, whole[0]]))
    assert max(abs(two - one) for one, two in pairwise(whole)) == 1


def test_its_sound_comes_back_too() -> None:
    heard = sound_of(np.arange(20, dtype=np.float32)[None], rate=10, made=10, fps=10)
    assert heard[0].tolist() == [*range(10), *range(9, -1, -1)]
