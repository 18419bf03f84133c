"""Which pictures the model is shown, and at which frames: the request's wishes as one plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from generation.engine.protocol import Animation
from generation.errors import GenerationFailed
from generation.images.geometry import OVERLAP, forth_of
from generation.jobs import AnimationRequest
from generation.media.frames import Frames, Picture
from generation.pipelines.ltx.liveliness import hold_of
from generation.pipelines.ltx.previous_clip import PreviousClip, read_frames

GRID = 8
"""Frames a latent one stands for, after the first: a clip has 8k+1."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`pictures` (one, or 8k+1 in a row), RGB in the clip's size, from frame `at` of what is made.

    `strength` 1 keeps them as they are; less lets the model change them.
    """

    pictures: tuple[Image.Image, ...]
    at: int
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The first condition is at frame 0. `num_frames` is 8k+1: what the model makes, of which the
    first `previous.overlap` are not handed on again, and none after `ends`. What is `mirrored` is
    handed on once more, the other way round. `enlarges`: a clip of half this size, of which this
    is to become the larger one. `led`: by the camera engine's last frame.
    """

    conditions: tuple[Condition, ...]
    num_frames: int
    ends: int
    previous: PreviousClip | None = None
    mirrored: bool = False
    enlarges: Path | None = None
    led: bool = False

    @property
    def begins(self) -> int:
        """The first made frame that is new."""
        return self.previous.overlap if self.previous else 0

    @property
    def whole(self) -> bool:
        """Whether what is made is the whole clip."""
        return self.previous is None and not self.mirrored

    @property
    def picture(self) -> Image.Image:
        return self.conditions[0].pictures[0]


Guide = Callable[[Path, AnimationRequest], tuple[Picture, Picture] | None]
"""Finds the first and the last frame of the movement that was asked for, if it leads somewhere."""

SOFT = 0.5
"""How strongly a found last frame is held: it says where to go, not how it looks there."""


def planned(animation: Animation, guide: Guide | None = None) -> Plan:
    """`guide` leads where nobody said how the clip ends.

    Raises `GenerationFailed` where a picture or the previous clip is gone or does not fit.
    """
    found = (
        guide(animation.image, animation.request) if guide and _open(animation.request) else None
    )
    return _wished(animation) if found is None else _led(animation.request, *found)


def _open(request: AnimationRequest) -> bool:
    """Whether nobody said where the clip leads to, or comes from."""
    return len(request.inputs) == 1 and not request.loop and not request.boomerang


def _wished(animation: Animation) -> Plan:
    request = animation.request
    picture = _fitted(animation, animation.image)
    strength = hold_of(request)
    if request.extends is None or request.boomerang:
        first, previous, shift = Condition((picture,), 0, strength), None, 0
    else:
        previous, tail = _previous(animation, animation.image.parent / request.extends)
        first, shift = Condition(tail, 0), previous.frames - previous.overlap
    ends = forth_of(request.num_frames) if request.boomerang else request.num_frames - shift
    num_frames = -(-(ends - 1) // GRID) * GRID + 1
    last = ends - 1
    found = {0: first}
    for keyframe in request.keyframes:
        if (at := min(keyframe.frame - shift, last)) > 0:
            image = _fitted(animation, animation.image.parent / keyframe.image)
            found.setdefault(at, Condition((image,), at, strength))
    if request.loop and not request.boomerang:
        found[last] = Condition((picture,), last, strength)
    elif request.end_image is not None:
        image = _fitted(animation, animation.image.parent / request.end_image)
        found[last] = Condition((image,), last, strength)
    conditions = tuple(found[at] for at in sorted(found))
    return Plan(conditions, num_frames, ends, previous, request.boomerang)


def _led(request: AnimationRequest, first: Picture, last: Picture) -> Plan:
    begins = Condition((Image.fromarray(first),), 0, hold_of(request))
    ends = Condition((Image.fromarray(last),), request.num_frames - 1, SOFT)
    return Plan((begins, ends), request.num_frames, request.num_frames, led=True)


def _fitted(animation: Animation, path: Path) -> Image.Image:
    """RGB and in the clip's size, of which it keeps the middle: diffusers would stretch it."""
    size = (animation.request.width, animation.request.height)
    try:
        with Image.open(path) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except OSError:
        raise GenerationFailed("picture_gone") from None
    return ImageOps.fit(upright, size, Image.Resampling.LANCZOS)


def _previous(animation: Animation, path: Path) -> tuple[PreviousClip, tuple[Image.Image, ...]]:
    request = animation.request
    frames, tail = 0, list[Frames]()
    for batch in read_frames(path):
        frames += len(batch)
        tail = [*tail, *batch][-OVERLAP:]
    if not tail or tail[0].shape[:2] != (request.height, request.width):
        raise GenerationFailed("previous_size")
    if frames >= request.num_frames:
        raise GenerationFailed("previous_length")
    overlap = OVERLAP if len(tail) == OVERLAP else 1
    pictures = tuple(Image.fromarray(frame) for frame in tail[-overlap:])
    return PreviousClip(path, frames, overlap), pictures
