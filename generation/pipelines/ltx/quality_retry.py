"""What the model made, looked at before anybody else sees it, and handed on in small pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from generation.engine.pipeline import Stage
from generation.errors import GenerationFailed
from generation.media.frames import Frames, Samples
from generation.media.recipe import Scalar
from generation.notes import Note
from generation.pipelines.ltx.boomerang import sound_of, way_back
from generation.pipelines.ltx.conditioning import Plan
from generation.pipelines.ltx.decode import DecodedSound
from generation.pipelines.ltx.inference import Denoised
from generation.pipelines.ltx.output_check import Black, Good, Judgement, Static
from generation.pipelines.ltx.previous_clip import PreviousClip, read_frames, read_sound

Judge = Callable[[Frames], Judgement]


@dataclass(frozen=True, slots=True)
class DecodedClip:
    """Frames of one try, and what they were decoded from; `sound` where the model makes some.

    `facts` are for the clip's recipe.
    """

    frames: Frames
    sound: DecodedSound | None
    latents: Denoised
    facts: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotFinite:
    """The model's numbers were not finite: there is nothing to show."""


Made = DecodedClip | NotFinite


def best_of_two(
    make: Callable[[int], Made], judge: Judge, say: Callable[[Note], None]
) -> DecodedClip:
    """The first try; where that is not good, a second one; where neither is, the honest truth.

    `make` is told which try it is, 0 or 1. Raises `GenerationFailed` where nothing can be shown.
    """
    first = make(0)
    flaw = _flaw(first, judge)
    if flaw is None and isinstance(first, DecodedClip):
        return first
    second = make(1)
    still = _flaw(second, judge)
    match second, first:
        case DecodedClip(), _:
            clip = second
        case NotFinite(), DecodedClip():
            clip, still = first, flaw
        case _:
            raise GenerationFailed("no_clip")
    if still is None:
        say(Note("second_try", flaw=flaw))
    else:
        say(Note("still_flawed", flaw=still))
    return clip


def _flaw(made: Made, judge: Judge) -> str | None:
    """What is wrong with it, in one word."""
    if isinstance(made, NotFinite):
        return "unshowable"
    judgement = judge(made.frames)
    match judgement:
        case Good():
            return None
        case Static():
            return "still"
        case Black():
            return "dark"


def hand_on(clip: DecodedClip, plan: Plan, fps: int, stage: Stage) -> None:
    """The previous clip first, if there is one; then what is new, without what the two share."""
    for name, value in clip.facts.items():
        stage.remember(name, value)
    if clip.sound is not None:
        stage.sound(_heard(clip.sound, plan, fps), clip.sound.rate)
    if plan.previous is not None:
        for batch in read_frames(plan.previous.path):
            stage.frames(batch)
    new = clip.frames[plan.begins : plan.ends]
    stage.frames(new)  # in one call, which never waits
    if plan.mirrored:
        stage.frames(way_back(new))


def _heard(sound: DecodedSound, plan: Plan, fps: int) -> Samples:
    if plan.mirrored:
        return sound_of(sound.samples, sound.rate, plan.ends, fps)
    return _joined(sound, plan.previous, fps)


def _joined(sound: DecodedSound, previous: PreviousClip | None, fps: int) -> Samples:
    """The new sound begins with the frames that both clips share."""
    if previous is None:
        return sound.samples
    until = round((previous.frames - previous.overlap) / fps * sound.rate)
    heard = read_sound(previous.path, len(sound.samples), sound.rate, until)
    return np.concatenate([heard, sound.samples], axis=1)
