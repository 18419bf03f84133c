"""A step asks the GPU for nothing: to read one number is to wait until it has caught up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.generation.pipelines.ltx.conftest import opened
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, asked
from tests.generation.pipelines.ltx.test_session import good

pytestmark = MODEL_MARKS

READS = {"tolist", "item", "cpu", "numpy", "__float__", "__bool__", "__int__", "__array__"}


@pytest.mark.parametrize("kind", ["first", "condition", "ltx2"])
def test_more_steps_read_no_more_numbers(
    kind: str, checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    """While the clock stands still, so that previews are not due."""
    from generation.pipelines.ltx.start import Start

    session = opened(checkpoint(kind), start=Start(clock=lambda: 0.0))
    counts = []
    for steps in (4, 8):
        read = counting(session.pipe)
        session.render(asked(tmp_path, num_inference_steps=steps), Recorder(), good)
        counts.append(len(read))
    assert counts[0] == counts[1]


def counting(pipe: Any) -> list[str]:
    """What is read of the scheduler's noise levels, and of all that is computed with them."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler

    read: list[str] = []

    class Watched(torch.Tensor):
        @classmethod
        def __torch_function__(
            cls, function: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if getattr(function, "__name__", "") in READS:
                read.append(function.__name__)
            usual: Any = super().__torch_function__
            return usual(function, types, args, kwargs or {})

        def __deepcopy__(self, memo: dict[int, Any]) -> Any:
            return self.clone()

    def watch(scheduler: Any, sigmas: torch.Tensor) -> None:
        scheduler.__dict__["watched"] = sigmas.as_subclass(Watched)

    sigmas = property(lambda scheduler: scheduler.__dict__["watched"], watch)
    kind: Any = type("Watching", (FlowMatchEulerDiscreteScheduler,), {"sigmas": sigmas})
    pipe.register_modules(scheduler=kind.from_config(pipe.scheduler.config))
    return read
