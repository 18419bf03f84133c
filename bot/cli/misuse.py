"""What was typed wrongly, in the person's language: typer's own sentences are English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from bot.language.catalogue import Catalogue
from bot.language.reasons import refusal
from generation.directions.vocabulary import Effect, Motion
from generation.errors import UnsupportedOption

ENGINES = ("auto", "camera", "ltx", "videos")

NUMBERS = {"seconds": "seconds", "guidance": "guidance_scale", "strength": "strength"}
WHOLE_NUMBERS = {
    "seed": "seed",
    "steps": "num_inference_steps",
    "frames": "num_frames",
    "fps": "fps",
    "motion_strength": "motion_strength",
    "port": "--port",
}
CHOICES = {
    "motion": ("motion", tuple(Motion)),
    "effect": ("effect", tuple(Effect)),
    "engine": ("--engine", ENGINES),
}
"""By the command's names, the API's where it has them."""


def misuse(catalogue: Catalogue, error: typer.TyperException, arguments: Sequence[str]) -> str:
    """What is wrong with the `arguments`, and where to look things up where that helps."""
    facts = vars(error)
    match type(error).__name__:  # most of its kinds typer keeps to itself
        case "NoSuchOption":
            said = _no_option(catalogue, facts)
        case "BadOptionUsage":
            return _flag_or_option(catalogue, facts["option_name"], arguments)
        case "MissingParameter":
            param = facts["param"]
            said = catalogue.say("cli.misuse.missing", name=param.metavar or param.name)
        case "BadParameter":
            return _value(catalogue, facts["param"])
        case _:
            said = _command(catalogue, facts["ctx"])
    command = f"{facts['ctx'].command_path} --help"
    return f"{said} {catalogue.say('cli.misuse.help', command=command)}"


def _no_option(catalogue: Catalogue, facts: dict[str, Any]) -> str:
    option, near = facts["option_name"], tuple(facts["possibilities"] or ())
    if near:
        return catalogue.say("cli.misuse.option_near", option=option, near=near)
    return catalogue.say("cli.misuse.option", option=option)


def _flag_or_option(catalogue: Catalogue, option: str, arguments: Sequence[str]) -> str:
    """A flag with a value, or an option without one."""
    is_flag = any(argument.startswith(f"{option}=") for argument in arguments)
    return catalogue.say(f"cli.misuse.{'flag' if is_flag else 'no_value'}", option=option)


def _value(catalogue: Catalogue, param: Any) -> str:
    name = param.name
    if name in NUMBERS:
        return refusal(catalogue, UnsupportedOption("number", NUMBERS[name]))
    if name in WHOLE_NUMBERS:
        return refusal(catalogue, UnsupportedOption("whole_number", WHOLE_NUMBERS[name]))
    if name in CHOICES:
        option, known = CHOICES[name]
        return refusal(catalogue, UnsupportedOption("choice", option, known=known))
    if name == "size":
        return refusal(catalogue, UnsupportedOption("size_format", name))
    return catalogue.say(f"cli.misuse.{name}")


def _command(catalogue: Catalogue, ctx: Any) -> str:
    known = getattr(ctx.command, "commands", None)
    if known:
        return catalogue.say("cli.misuse.command", known=tuple(known))
    return catalogue.say("cli.misuse.too_much")
