"""A clip made small, then twice as large: with an upsampler, with memory, unless told not to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from generation.engine.pipeline import Interrupted
from generation.pipelines.ltx.memory import FreeMemory, needs
from generation.pipelines.ltx.options import Compile, LtxOptions, Memory
from generation.pipelines.ltx.profiles import profile_of
from generation.pipelines.ltx.stages import LARGE_STAGES, SOUND_STAGES, Stages
from tests.generation.pipelines.ltx.conftest import opened
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, asked
from tests.generation.pipelines.ltx.test_session import good

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session

Sessions = Callable[[str], "Session"]
SIZE = {"width": 256, "height": 256, "num_frames": 9}


@pytest.mark.parametrize(
    ("stages", "size", "first"),
    [
        (LARGE_STAGES, (704, 480), (480, 320)),
        (LARGE_STAGES, (1280, 704), (864, 480)),
        (SOUND_STAGES, (1280, 704), (640, 352)),
        (SOUND_STAGES, (704, 480), (352, 256)),
        (LARGE_STAGES, (160, 128), None),
        (SOUND_STAGES, (288, 864), None),
    ],
)
def test_the_first_pass_has_the_clips_shape_or_there_is_none(
    stages: Stages, size: tuple[int, int], first: tuple[int, int] | None
) -> None:
    assert stages.first_size(*size) == first


def test_an_upsampler_takes_no_memory_from_the_weights(tmp_path: Path) -> None:
    from generation.pipelines.ltx.two_stages import _fits

    profile = profile_of("LTX-Video-0.9.8-13B-distilled")
    assert profile
    assert profile.stages
    card = needs(profile)[Memory.FULL].card
    options = LtxOptions(profile.name, memory=Memory.FULL)
    assert not _fits(options, profile, FreeMemory(round((card + 0.1) * 1e9), 0))
    assert _fits(options, profile, FreeMemory(round((card + 0.3) * 1e9), 0))


class TestAClip:
    pytestmark = MODEL_MARKS

    def test_is_found_small_and_finished_large(self, session: Sessions, tmp_path: Path) -> None:
        kind, steps = "staged-distilled", [7, 3]
        stage, cells = Recorder(), Cells(session(kind))
        session(kind).render(asked(tmp_path, **SIZE), stage, good)
        cells.close()
        assert stage.clip.shape == (9, 256, 256, 3)
        assert stage.steps == [(index + 1, sum(steps)) for index in range(sum(steps))]
        small, large = cells.seen[0], cells.seen[-1]
        assert cells.seen == [small] * steps[0] + [large] * steps[1]
        assert large == small * 4
        assert len(stage.previews) == sum(steps) - 2
        assert stage.facts == {"stages": 2}
        assert stage.sounds == []

    @pytest.mark.parametrize(("kind", "small_steps"), [("staged-distilled", 7), ("staged-ltx2", 3)])
    def test_cancelled_in_its_second_pass_leaves_nothing_behind(
        self, kind: str, small_steps: int, session: Sessions, tmp_path: Path
    ) -> None:
        warm, first, again = session(kind), Recorder(), Recorder()
        warm.render(asked(tmp_path, **SIZE), first, good)
        with pytest.raises(Interrupted):
            warm.render(asked(tmp_path, **SIZE), Recorder(lasts=small_steps + 1), good)
        warm.render(asked(tmp_path, **SIZE), again, good)
        assert np.array_equal(first.clip, again.clip)

    def test_is_made_in_one_stage_where_the_operator_or_the_memory_says_so(
        self,
        session: Sessions,
        checkpoint: Callable[[str], Path],
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        folder = checkpoint("staged-distilled")
        options = LtxOptions(
            str(folder), "cpu", compile=Compile.OFF, picture_crf=0, two_stages=False
        )
        plain, tight = Recorder(), Recorder()
        opened(folder, options).render(asked(tmp_path, **SIZE), plain, good)
        warm = session("staged-distilled")
        cells = Cells(warm, most=150)
        warm.render(asked(tmp_path, **SIZE), tight, good)
        cells.close()
        assert "one stage" in caplog.text
        assert np.array_equal(plain.clip, tight.clip)
        assert plain.facts == tight.facts == {}
        assert plain.steps == [(index, 7) for index in range(1, 8)]
        assert warm.in_stages  # the next clip has two again


class Cells:
    """How many cells the transformer was shown, call by call; more than `most` do not fit."""

    def __init__(self, session: Session, most: int | None = None) -> None:
        self.seen: list[int] = []
        self._most = most
        self._hook = session.pipe.transformer.register_forward_pre_hook(
            self._look, with_kwargs=True
        )

    def _look(self, module: object, given: object, named: dict[str, object]) -> None:
        import torch

        states = named["hidden_states"]
        assert isinstance(states, torch.Tensor)
        self.seen.append(states.shape[1])
        if states.shape[1] > (self._most or states.shape[1]):
            raise torch.OutOfMemoryError("CUDA out of memory")

    def close(self) -> None:
        self._hook.remove()
