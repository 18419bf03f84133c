"""How a motion strength of 0 to 4 steers a model: what holds a clip still is the picture."""

from __future__ import annotations

from generation.jobs import AnimationRequest
from generation.pipelines.ltx.profiles import Profile

USUAL = 2
NOISE = 0.05
"""Added to the picture's noise for each degree above the usual: the model may leave it more."""
GUIDANCE = 0.25
"""The same for the guidance: lively words are followed more closely, and calm ones less."""
HOLD = (1.0, 1.0, 1.0, 0.95, 0.9)
"""How strongly the first picture is held, by degree; less than this and it is seen to change."""


def noise_of(request: AnimationRequest, profile: Profile) -> float:
    return max(0.0, profile.image_noise + NOISE * _degree(request))


def guidance_of(request: AnimationRequest, profile: Profile) -> float:
    """Somebody's own number stays as it is."""
    asked = request.guidance_scale
    if asked is not None and asked != profile.guidance:
        return asked
    guided = profile.guidance > 1
    return profile.guidance + GUIDANCE * _degree(request) if guided else profile.guidance


def hold_of(request: AnimationRequest) -> float:
    if request.strength is not None:
        return request.strength
    return HOLD[_degree(request) + USUAL]


def _degree(request: AnimationRequest) -> int:
    return 0 if request.motion_strength is None else request.motion_strength - USUAL
