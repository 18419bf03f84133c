"""What is streamed comes in where it is used, and the clip is the same as with all in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from generation.pipelines.ltx.options import Compile, LtxOptions, Memory
from tests.generation.pipelines.ltx.conftest import opened, plain_pipe
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, animation
from tests.generation.pipelines.ltx.test_session import good

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session

pytestmark = MODEL_MARKS
Checkpoint = Callable[[str], Path]


def placed(folder: Path, how: Memory) -> Session:
    return opened(
        folder, LtxOptions(str(folder), "cpu", memory=how, compile=Compile.OFF, picture_crf=0)
    )


class Onloads:
    """How often weights of a component came in; a streamed one waits outside between calls."""

    def __init__(self, component: Any) -> None:
        self.count = 0
        self.groups = 0
        for module in component.modules():
            registry = getattr(module, "_diffusers_hook", None)
            hook = registry.get_hook("group_offloading") if registry is not None else None
            if hook is not None:
                self.groups += 1
                hook.group.onload_ = self._counted(hook.group.onload_)

    def _counted(self, onload: Callable[[], None]) -> Callable[[], None]:
        def counting() -> None:
            self.count += 1
            onload()

        return counting


@pytest.mark.parametrize("kind", ["first", "timestep", "condition", "ltx2"])
def test_low_brings_in_every_component_it_uses(
    kind: str, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    session, stage = placed(checkpoint(kind), Memory.LOW), Recorder()
    names = [name for name, part in session.pipe.components.items() if hasattr(part, "modules")]
    onloads = {name: Onloads(getattr(session.pipe, name)) for name in names}
    session.render(animation(tmp_path), stage, good)
    assert len(stage.clip) == 17
    assert onloads.keys() >= {"transformer", "text_encoder", "vae"}
    assert all(onload.count for onload in onloads.values()), onloads


def test_a_vae_comes_in_to_encode_and_to_decode(checkpoint: Checkpoint) -> None:
    import torch

    from generation.pipelines.ltx.placement import stream_layers

    vae = plain_pipe(checkpoint("first")).vae
    stream_layers(vae, torch.device("cpu"))
    onloads = Onloads(vae)
    with torch.no_grad():
        latents = vae.encode(torch.zeros(1, 3, 1, 64, 64)).latent_dist.mode()
        encoding = onloads.count
        vae.decode(latents)
    assert encoding > 0
    assert onloads.count > encoding


def test_a_text_encoder_comes_in_layer_by_layer(checkpoint: Checkpoint) -> None:
    import torch

    from generation.pipelines.ltx.placement import stream_layers

    pipe = plain_pipe(checkpoint("first"))
    stream_layers(pipe.text_encoder, torch.device("cpu"))
    onloads = Onloads(pipe.text_encoder)
    pipe.encode_prompt("a boat", do_classifier_free_guidance=False)
    assert onloads.groups > 10
    assert onloads.count > 5


@pytest.mark.parametrize("kind", ["first", "condition", "ltx2-distilled"])
def test_with_text_the_rest_stays_and_the_clip_is_the_same(
    kind: str, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    full, text = Recorder(), Recorder()
    opened(checkpoint(kind)).render(animation(tmp_path), full, good)
    session = placed(checkpoint(kind), Memory.TEXT)
    onloads = {name: Onloads(getattr(session.pipe, name)) for name in ("transformer", "vae")}
    encoder = Onloads(session.pipe.text_encoder)
    session.render(animation(tmp_path), text, good)
    assert np.array_equal(full.clip, text.clip)
    assert encoder.count
    assert not any(onload.groups for onload in onloads.values())


def test_tiles_are_as_large_as_do_not_flicker(checkpoint: Checkpoint) -> None:
    from generation.pipelines.ltx.placement import tile

    pipe = plain_pipe(checkpoint("first"))
    tile(pipe, on=True)
    vae = pipe.vae
    assert (vae.tile_sample_min_num_frames, vae.tile_sample_stride_num_frames) == (80, 56)
    assert vae.use_framewise_decoding
    tile(pipe, on=True, small=True)
    assert vae.tile_sample_min_num_frames < 80
    tile(pipe, on=False)
    assert not vae.use_tiling
    assert not vae.use_framewise_decoding


def test_a_streamed_vae_is_called_untiled_first(checkpoint: Checkpoint) -> None:
    import torch

    from generation.pipelines.ltx.placement import place, settle

    pipe = plain_pipe(checkpoint("condition"))
    place("vae", pipe.vae, Memory.LOW, torch.device("cpu"))
    tiled: list[bool] = []
    pipe.vae.decoder.register_forward_pre_hook(lambda *_: tiled.append(pipe.vae.use_tiling))
    settle(pipe, Memory.LOW, torch.device("cpu"))
    assert tiled == [False]
    assert pipe.vae.use_tiling
