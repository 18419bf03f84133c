"""What `photoplay doctor` finds out about the model: card, weights, and a clip made with it."""

from __future__ import annotations

import shutil

from bot.cli.clip_check import made_by
from bot.cli.finding import Finding, not_tried
from bot.cli.terminal import terminal_catalogue
from bot.language.reasons import refusal
from bot.runtime.engine_choice import choose, chosen_model, has_extra, lacking, unserved
from bot.runtime.extras import how_to_add
from bot.runtime.gpus import Machine
from config.settings import Settings
from generation.errors import AnimationError, Misconfigured
from generation.pipelines.ltx.cards import offer, way_of
from generation.pipelines.ltx.cuda import unfit
from generation.pipelines.ltx.model_choice import GB
from generation.pipelines.ltx.profiles import Profile


def model_findings(
    machine: Machine, settings: Settings, *, ffmpeg: bool, running: bool, forced: bool
) -> list[Finding]:
    """`ffmpeg`: there is one that works; `forced`: a clip is made even beside a running model."""
    weights = _weights(machine, settings)
    told = weights.needed and not weights.ok and unserved(settings, machine) is None
    return [
        *([] if told else [_model(machine, settings, ffmpeg, running and not forced)]),
        _gpu(machine, settings),
        *([_card(machine)] if machine.memory else []),
        weights,
    ]


def _model(machine: Machine, settings: Settings, ffmpeg: bool, busy: bool) -> Finding:
    try:
        choice = choose(settings, machine, single=True)
    except Misconfigured as error:
        return Finding("model", False, True, error.message, "Mend the setting named here.")
    name, catalogue = choice.capabilities.model, terminal_catalogue()
    if not choice.children and choice.cluster is not None:
        return Finding("model", True, False, "The cluster makes the clips; each card has a line.")
    if choice.capabilities.engine == "videos":
        return Finding("model", True, False, "Servers make the clips; each has its own line.")
    if choice.capabilities.engine == "camera":
        return Finding("model", True, False, "The camera engine serves, without a model.")
    if not ffmpeg:
        return not_tried("model")
    if busy:  # a second model beside the first could take the memory from both
        return Finding(
            "model", True, True, f"{name} is at work here; --model tries a second beside it."
        )
    try:
        seconds = made_by(choice, settings, catalogue)
    except AnimationError as error:
        cure = "Run `photoplay run --verbose` and read what the engine says."
        return Finding(
            "model", False, True, f"{name} makes no clip: {refusal(catalogue, error)}", cure
        )
    return Finding("model", True, True, f"{name} made a clip in {seconds:.1f} s.")


def _gpu(machine: Machine, settings: Settings) -> Finding:
    if not machine.names:
        if shutil.which("nvidia-smi") is None:
            serves = "the processor" if settings.engine.name == "ltx" else "the camera engine"
            return Finding("gpu", False, False, f"There is no NVIDIA GPU: {serves} serves.")
        return Finding("gpu", False, False, "The NVIDIA driver does not answer.", "Reboot it.")
    names = "; ".join(machine.names)
    if not has_extra():
        cure = f"Install the model's libraries: `{how_to_add('ltx')}`."
        return Finding("gpu", False, False, f"{names}; but nothing can use it yet.", cure)
    problem = machine.cuda.problem or next(filter(None, map(unfit, machine.cuda.cards)), "")
    if problem and settings.engine.name != "camera":
        return Finding("gpu", False, False, f"{names}.", problem)
    return Finding("gpu", True, False, f"{names}.")


def _card(machine: Machine) -> Finding:
    """The row of the table in README which this machine's card is in."""
    offered = offer(machine.memory)
    message = (
        f"A card of {machine.memory / GB:.0f} GB gets {offered.model} with "
        f"engine.memory={offered.how.value}; seconds a clip: {offered.seconds()}."
    )
    return Finding("card", True, False, message)


def _weights(machine: Machine, settings: Settings) -> Finding:
    needed = settings.engine.name == "ltx"
    if settings.engine.name == "camera" or not (needed or machine.names) or not has_extra():
        return Finding("weights", True, False, "The camera engine needs none.")
    try:
        chosen = chosen_model(settings.engine, machine)
    except Misconfigured as error:
        return Finding("weights", False, needed, error.message, "Mend engine.model.")
    profile = chosen.profile
    if chosen.here:
        return Finding("weights", True, needed, _served(profile, machine))
    message = lacking(settings.engine, machine, profile)
    cure = "Run `photoplay download`." if profile.download else "Mend engine.model."
    if not needed:
        cure = "The camera engine serves until then."
    return Finding("weights", False, needed, f"{message[0].upper()}{message[1:]}.", cure)


def _served(profile: Profile, machine: Machine) -> str:
    """Which way its weights would lie in an empty card, where there is one."""
    found = f"The weights of {profile.name} are here"
    if not machine.cuda.cards:
        return f"{found}."
    way = way_of(profile, machine.memory)
    return (
        f"{found}; with this card's {machine.memory / GB:.0f} GB, engine.memory=auto is "
        f"{way.how.value}; seconds a clip: {way.seconds()}."
    )
