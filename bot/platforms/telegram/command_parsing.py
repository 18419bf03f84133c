"""What a text or a caption asks for: a command for us, for another bot, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.platforms.telegram.option_parsing import Written, cleaned
from bot.submission.options import Options
from generation.directions import parse as directions

COMMAND = re.compile(
    r"[/／](?P<name>(?a:[a-z_]{1,32}))(@(?P<bot>(?a:\w+)))?(?![\w/@])"
    r"[\s,:;.…!?\u2010-\u2015-]*(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
"""Phones put a full stop for two spaces, and people all kinds of signs behind it."""


@dataclass(frozen=True, slots=True)
class Command:
    """`rest` is what stands behind it."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class NotForUs:
    """A command that names another bot: not our business, also as a prompt."""


@dataclass(frozen=True, slots=True)
class NoCommand:
    text: str


def parse(text: str, bot: str) -> Command | NotForUs | NoCommand:
    """`bot` is our username without the @; the case of either does not matter."""
    text = cleaned(text)
    found = COMMAND.match(text)
    if found is None:
        return NoCommand(text)
    if found["bot"] is not None and found["bot"].lower() != bot.lower():
        return NotForUs()
    return Command(found["name"].lower(), found["rest"].strip())


def changed(before: Options, now: Written) -> Options:
    """Earlier options with another prompt, and with the options that were named this time.

    A camera or weather that the new words ask for goes before one that was chosen earlier.
    """
    changes, asked = now.options, directions.parse(now.options.prompt)
    length = (changes.seconds, changes.num_frames)
    if length == (None, None):
        length = (before.seconds, before.num_frames)

    def either(new: Any, old: Any) -> Any:
        return old if new is None else new

    return replace(
        before,
        prompt=changes.prompt or before.prompt,
        motion=changes.motion if "motion" in now.named or asked.shots else before.motion,
        effect=changes.effect if "effect" in now.named or asked.effects else before.effect,
        seconds=length[0],
        num_frames=length[1],
        size=changes.size if "size" in now.named else before.size,
        seed=either(changes.seed, before.seed),
        negative_prompt=either(changes.negative_prompt, before.negative_prompt),
        num_inference_steps=either(changes.num_inference_steps, before.num_inference_steps),
        motion_strength=either(changes.motion_strength, before.motion_strength),
        guidance_scale=either(changes.guidance_scale, before.guidance_scale),
        draft=either(changes.draft, before.draft),
        variations=changes.variations if "variations" in now.named else before.variations,
    )
