"""What a text or a caption asks for: a command for us, for another bot, or none; its options."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.submission.options import Options
from generation.directions.vocabulary import Effect, Motion

COMMAND = re.compile(
    r"/(?P<name>[a-z_]{1,32})(@(?P<bot>\w+))?(?=\s|$)\s*(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE | re.ASCII,
)
OPTION = re.compile(r"(?P<name>[a-z]+)=(?P<value>\"[^\"]*\"|\S+)\s*", re.ASCII)


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


class BadOption(Exception):
    """`option` is `name=value` as somebody wrote it."""

    def __init__(self, option: str) -> None:
        super().__init__(option)
        self.option = option


def parse(text: str, bot: str) -> Command | NotForUs | NoCommand:
    """`bot` is our username without the @; the case of either does not matter."""
    found = COMMAND.match(text.strip())
    if found is None:
        return NoCommand(text.strip())
    if found["bot"] is not None and found["bot"].lower() != bot.lower():
        return NotForUs()
    return Command(found["name"].lower(), found["rest"].strip())


def parse_options(text: str) -> Options:
    """`seconds=4 motion=pan-left the waves roll in`: options first, then the prompt.

    The options are named as on Discord. Raises `BadOption`.
    """
    options: dict[str, str] = {}
    while found := OPTION.match(text):
        if found["name"] not in NAMES:
            break
        options[found["name"]] = found["value"].strip('"')
        text = text[found.end() :]
    return _options(text.strip(), options)


def changed(before: Options, changes: Options) -> Options:
    """Earlier options with another prompt, and with the options that were named this time."""
    length = (changes.seconds, changes.num_frames)
    if length == (None, None):
        length = (before.seconds, before.num_frames)

    def either(new: Any, old: Any) -> Any:
        return old if new is None else new

    return replace(
        before,
        prompt=changes.prompt,
        motion=before.motion if changes.motion is Motion.AUTO else changes.motion,
        effect=before.effect if changes.effect is Effect.AUTO else changes.effect,
        seconds=length[0],
        num_frames=length[1],
        size=before.size if changes.size == "auto" else changes.size,
        seed=either(changes.seed, before.seed),
        negative_prompt=either(changes.negative_prompt, before.negative_prompt),
        num_inference_steps=either(changes.num_inference_steps, before.num_inference_steps),
        guidance_scale=either(changes.guidance_scale, before.guidance_scale),
    )


def _options(prompt: str, options: dict[str, str]) -> Options:
    negative, size = options.get("negative"), options.get("size", "auto")
    return Options(
        prompt=prompt,
        negative_prompt=negative,
        motion=_motion(options.get("motion")),
        effect=_effect(options.get("effect")),
        seconds=_number(options, "seconds"),
        num_frames=_whole(options, "frames"),
        size=size,
        seed=_whole(options, "seed"),
        num_inference_steps=_whole(options, "steps"),
        guidance_scale=_number(options, "guidance"),
    )


NAMES = frozenset(
    {"seconds", "size", "motion", "effect", "negative", "seed", "steps", "guidance", "frames"}
)


def _motion(value: str | None) -> Motion:
    if value is None:
        return Motion.AUTO
    if value not in {one.value for one in Motion}:
        raise BadOption(f"motion={value}")
    return Motion(value)


def _effect(value: str | None) -> Effect:
    if value is None:
        return Effect.AUTO
    if value not in {one.value for one in Effect}:
        raise BadOption(f"effect={value}")
    return Effect(value)


def _number(options: dict[str, str], name: str) -> float | None:
    value = options.get(name)
    if value is None:
        return None
    try:
        return float(value.replace(",", "."))
    except ValueError:
        raise BadOption(f"{name}={value}") from None


def _whole(options: dict[str, str], name: str) -> int | None:
    value = options.get(name)
    if value is None:
        return None
    if not re.fullmatch(r"-1|[0-9]{1,10}", value, re.ASCII):
        raise BadOption(f"{name}={value}")
    return int(value)
