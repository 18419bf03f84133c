"""A clip that does not fit is tried again with less, and never takes the next one down with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from generation.errors import OutOfMemory
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, animation, asked
from tests.generation.pipelines.ltx.test_session import good

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session

pytestmark = MODEL_MARKS
Sessions = Callable[[str], "Session"]


class Full:
    """A GPU whose memory ends at the first so many calls of the transformer, until closed."""

    def __init__(self, session: Session, times: int) -> None:
        self._left = times
        self._hook = session.pipe.transformer.register_forward_pre_hook(self._allocate)

    def _allocate(self, *_: object) -> None:
        import torch

        if self._left:
            self._left -= 1
            raise torch.OutOfMemoryError("CUDA out of memory")

    def close(self) -> None:
        self._hook.remove()


@pytest.mark.parametrize("kind", ["first", "condition", "ltx2-distilled"])
def test_what_does_not_fit_is_tried_again_and_is_the_same_clip(
    kind: str, session: Sessions, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    roomy, tight = Recorder(), Recorder()
    session(kind).render(animation(tmp_path), roomy, good)
    full = Full(session(kind), times=1)
    session(kind).render(animation(tmp_path), tight, good)
    full.close()
    assert np.array_equal(roomy.clip, tight.clip)
    assert tight.steps == roomy.steps
    assert tight.notes == []
    assert "out of GPU memory" in caplog.text


def test_what_never_fits_ends_in_a_failure_and_the_next_clip_is_as_ever(
    session: Sessions, tmp_path: Path
) -> None:
    before, after = Recorder(), Recorder()
    session("condition").render(animation(tmp_path), before, good)
    full = Full(session("condition"), times=1000)
    with pytest.raises(OutOfMemory, match="nearest='96x64'"):
        session("condition").render(asked(tmp_path, width=128), Recorder(), good)
    full.close()
    session("condition").render(animation(tmp_path), after, good)
    assert np.array_equal(before.clip, after.clip)
