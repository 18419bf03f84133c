"""Which options the engine that serves has, and what numbers they take."""

from __future__ import annotations

from bot.submission.options import LEAST_MOTION, MOST_MOTION, Options
from generation.directions.vocabulary import Effect, Motion
from generation.dispatch.offering import Offering
from generation.engine.protocol import Capabilities
from generation.errors import UnsupportedOption

MAX_KEYFRAMES = 8
"""Each one is a picture to decode, and makes every step of a model slower."""

VARIATIONS = (1, 2, 4)
"""As many clips as somebody may want of one wish, to pick from."""


def check_offered(offered: Offering, options: Options, *, end: bool, keyframes: int) -> None:
    """One engine has to have everything; raises what the first lacks where none has."""
    refusals = []
    for known in offered.each:
        if options.model not in {None, known.model}:
            continue
        try:
            return check_supported(known, options, end=end, keyframes=keyframes)
        except UnsupportedOption as refusal:
            refusals.append(refusal)
    if not refusals:  # it has gone since it was named
        raise UnsupportedOption(
            "no_such_model", "model", known=tuple(sorted(one.model for one in offered.each))
        )
    raise refusals[0]


def check_supported(
    known: Capabilities, options: Options, *, end: bool = False, keyframes: int = 0
) -> None:
    """Raises `UnsupportedOption` for what the engine lacks or a number out of range.

    `end`: whether there is a picture to end with; `keyframes`: how many to pass.
    """
    if options.motion is not Motion.AUTO and options.motion not in known.motions:
        raise _unsupported("motion", options.motion, sorted(known.motions), known.engine)
    if options.effect not in {Effect.AUTO, Effect.NONE, *known.effects}:
        raise _unsupported("effect", options.effect, sorted(known.effects), known.engine)
    for name, is_asked in _asked(options, end, keyframes).items():
        if is_asked and name not in known.options:
            raise UnsupportedOption("not_in_engine", name, engine=known.engine)
    if options.variations not in VARIATIONS:
        raise UnsupportedOption("choice", "variations", known=tuple(map(str, VARIATIONS)))
    if options.loop and end:
        raise UnsupportedOption("loop_and_end", "loop")
    if keyframes > MAX_KEYFRAMES:
        raise UnsupportedOption("too_many", "keyframes", most=MAX_KEYFRAMES)


def _asked(options: Options, end: bool, keyframes: int) -> dict[str, bool]:
    """Which of the options that not every engine has somebody gave; checks their ranges."""
    steps = within(options.num_inference_steps, 1, 100, "num_inference_steps")
    guidance = within(options.guidance_scale, 0, 20, "guidance_scale")
    degree = within(options.motion_strength, LEAST_MOTION, MOST_MOTION, "motion_strength")
    return {
        "negative_prompt": bool(options.negative_prompt),
        "num_inference_steps": steps is not None,
        "guidance_scale": guidance is not None,
        "strength": within(options.strength, 0, 1, "strength") is not None,
        "motion_strength": degree is not None,
        "end_image": end,
        "keyframes": keyframes > 0,
        "loop": options.loop,
        "boomerang": options.boomerang,
    }


def within(value: float | None, low: float, high: float, name: str) -> float | None:
    if value is None or low <= value <= high:
        return value
    raise UnsupportedOption("out_of_range", name, low=low, high=high)


def _unsupported(name: str, value: str, known: list[str], engine: str) -> UnsupportedOption:
    if not known:
        return UnsupportedOption("not_in_engine", name, engine=engine)
    facts = {"value": value, "engine": engine}
    return UnsupportedOption("no_such_value", name, **facts, known=tuple(known))
