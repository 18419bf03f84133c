"""Our loop is diffusers' own, bit by bit; what it can beyond that happens where it should."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generation.jobs import Keyframe
from generation.pipelines.ltx.conditioning import planned
from generation.pipelines.ltx.guidance import (
    LARGE_MODEL,
    Guidance,
    Guiding,
    Stretch,
    by_noise,
    guidance_at,
)
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, asked
from tests.generation.pipelines.ltx.test_session import Batches

if TYPE_CHECKING:
    from generation.pipelines.ltx.inference import Inference
    from generation.pipelines.ltx.session import Session

Sessions = Callable[[str], "Session"]
USUAL = Guidance(3.0, 0.7)


@pytest.mark.parametrize(
    ("guiding", "sigma", "scale", "skipping"),
    [
        (Guiding.PLAIN, 0.1, 3.0, 0.0),
        (Guiding.INTERVAL, 1.0, 1.0, 0.0),
        (Guiding.INTERVAL, 0.9, 3.0, 0.0),
        (Guiding.INTERVAL, 0.2, 1.0, 0.0),
        (Guiding.AUTHORS, 1.0, 1.0, 0.0),
        (Guiding.AUTHORS, 0.99, 8.0, 4.0),
        (Guiding.AUTHORS, 0.01, 1.0, 1.0),
    ],
)
def test_each_stretch_of_noise_has_its_guidance(
    guiding: Guiding, sigma: float, scale: float, skipping: float
) -> None:
    scales = by_noise(guiding, USUAL, LARGE_MODEL, asked=False)
    found = guidance_at(scales, sigma)
    assert (found.scale, found.skipping) == (scale, skipping)


def test_a_number_that_somebody_asked_for_holds_where_words_guide() -> None:
    scales = by_noise(Guiding.AUTHORS, replace(USUAL, scale=4.5), LARGE_MODEL, asked=True)
    assert [stretch.guidance.scale for stretch in scales] == [1.0, 1.0, 4.5, 4.5, 4.5, 1.0, 1.0]


def test_a_distilled_model_is_steered_by_nothing() -> None:
    for guiding in Guiding:
        assert by_noise(guiding, Guidance(), LARGE_MODEL, asked=False) == (
            Stretch(0.0, Guidance()),
        )


class TestTheLoop:
    pytestmark = MODEL_MARKS

    @pytest.mark.parametrize("guidance", [1.0, 3.0])
    @pytest.mark.parametrize("kind", ["first", "timestep", "condition", "condition-distilled"])
    def test_makes_diffusers_latents_bit_by_bit(
        self, kind: str, guidance: float, session: Sessions, tmp_path: Path
    ) -> None:
        import torch

        warm = session(kind)
        inference = inferred(warm, tmp_path, guidance_scale=guidance)
        ours = run(warm, inference)
        assert torch.equal(ours, diffusers_latents(warm, inference))

    def test_embeds_each_noise_level_once_where_it_is_told_to(
        self, session: Sessions, tmp_path: Path
    ) -> None:
        import torch

        warm = session("condition")
        inference = inferred(warm, tmp_path)
        rows: list[int] = []
        hook = warm.pipe.transformer.time_embed.linear.register_forward_pre_hook(
            lambda module, given: rows.append(len(given[0]))
        )
        few = run(warm, replace(inference, distinct=True))
        fewer, rows[:] = max(rows), []
        many = run(warm, inference)
        hook.remove()
        assert (fewer, rows[0] > 50) == (3, True)  # held, held by half, and free
        assert torch.allclose(few, many, atol=1e-4)
        assert "forward" not in vars(warm.pipe.transformer.time_embed)
        assert "forward" not in vars(warm.pipe.transformer.rope)

    def test_asks_the_model_as_often_as_the_authors_do(
        self, session: Sessions, tmp_path: Path
    ) -> None:
        import torch

        warm = session("condition")
        inference = inferred(warm, tmp_path, num_inference_steps=30)
        authors = by_noise(Guiding.AUTHORS, USUAL, LARGE_MODEL, asked=False)
        usual = [block.attn1.processor for block in warm.pipe.transformer.transformer_blocks]
        calls = Batches(warm)
        steered = run(warm, replace(inference, scales=authors))
        calls.close()
        assert set(calls.sizes[:2]) == {1}
        assert 3 in calls.sizes
        assert calls.sizes[-1] == 2  # with attention, and with some of it skipped
        assert not torch.equal(steered, run(warm, inference))
        assert usual == [b.attn1.processor for b in warm.pipe.transformer.transformer_blocks]


def inferred(warm: Session, folder: Path, **changes: Any) -> Inference:
    """Pictures at both ends and between, where the model takes them, one held by half."""
    wanted: dict[str, Any] = {}
    if "keyframes" in warm.profile.options:
        wanted = {"keyframes": (Keyframe(9, "key.png"),), "end_image": "end.png"}
    plan = planned(asked(folder, **wanted))
    last = replace(plan.conditions[-1], strength=0.5 if wanted else 1.0)
    plan = replace(plan, conditions=(*plan.conditions[:-1], last))
    request = asked(folder, **wanted, **changes).request
    return warm.inference(request, request.prompt, plan)


def run(warm: Session, inference: Inference) -> Any:
    import torch

    generator = torch.Generator().manual_seed(inference.seed)
    return warm.denoised(inference, generator, lambda *_: None).video


def diffusers_latents(warm: Session, inference: Inference) -> Any:
    """By the call that its documentation shows, in the same shape as ours."""
    import torch
    from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition

    from generation.pipelines.ltx.inference import unpacked

    negative = inference.negative
    common: dict[str, Any] = {
        "height": inference.height,
        "width": inference.width,
        "num_frames": inference.plan.num_frames,
        "frame_rate": inference.fps,
        "num_inference_steps": inference.steps,
        "guidance_scale": inference.guidance,
        "guidance_rescale": warm.profile.guidance_rescale,
        "generator": torch.Generator().manual_seed(inference.seed),
        "prompt_embeds": inference.positive.embeds,
        "prompt_attention_mask": inference.positive.mask,
        "negative_prompt_embeds": negative.embeds if negative else None,
        "negative_prompt_attention_mask": negative.mask if negative else None,
        "output_type": "latent",
        "return_dict": False,
    }
    if "keyframes" not in warm.profile.options:
        return unpacked(warm.pipe(image=inference.plan.picture, **common)[0], inference.shape)
    conditions = [
        LTXVideoCondition(image=it.pictures[0], frame_index=it.at, strength=it.strength)
        for it in inference.plan.conditions
    ]
    return warm.pipe(
        conditions=conditions,
        timesteps=list(warm.profile.schedule) or None,
        image_cond_noise_scale=inference.image_noise,
        **common,
    )[0]
