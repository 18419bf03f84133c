"""What a clip tells of its own making, whether it was made here or came from afar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version

from generation.engine.protocol import Capabilities
from generation.jobs import AnimationRequest
from generation.lineage import kept_in_recipe
from generation.media.recipe import Recipe, Scalar

CHOSEN = ("num_inference_steps", "guidance_scale", "strength", "motion_strength")
"""Options that stand in it where somebody chose them."""

RETURNING = ("loop", "boomerang")
"""The same of those that are asked for or not."""


def recipe_of(
    request: AnimationRequest,
    known: Capabilities,
    told: str,
    further: Mapping[str, Scalar] | None = None,
) -> Recipe:
    """`told` are the words the model was really given; `further`: what its pipeline adds."""
    return Recipe(
        photoplay=version("photoplay"),
        prompt=request.prompt,
        effective_prompt=told,
        negative_prompt=request.negative_prompt,
        seed=request.seed,
        engine=known.engine,
        model=known.model,
        motion=request.motion,
        effect=request.effect,
        width=request.width,
        height=request.height,
        frames=request.num_frames,
        fps=request.fps,
        created=datetime.now(UTC),
        options=_options(request) | kept_in_recipe(request) | dict(further or {}),
    )


def _options(request: AnimationRequest) -> dict[str, Scalar]:
    chosen_here = () if request.upscales else CHOSEN  # the clip it was made of has them
    asked = {name: getattr(request, name) for name in chosen_here}
    chosen: dict[str, Scalar] = {name: it for name, it in asked.items() if it is not None}
    chosen |= {name: True for name in RETURNING if getattr(request, name)}
    if request.end_image is not None:
        chosen["end_picture"] = True
    if request.keyframes:
        chosen["keyframes"] = ", ".join(f"{it.frame / request.fps:.2f}" for it in request.keyframes)
    return chosen
