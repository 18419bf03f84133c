"""Whether weather and light in a language model's answer are what was asked for."""

from __future__ import annotations

import re

from generation.directions.describe import LIGHT, WEATHER
from generation.directions.parse import parse
from generation.directions.vocabulary import Directions, Effect
from generation.prompts.errors import NotWritten

CLAUSE = re.compile(r"[.,;:!?—]+")
NO = re.compile(
    r"\b(?:no|not|without|never|nor|neither|free (?:of|from)|\w+-free|\w+n't|ha(?:s|ve) melted)\b",
    re.IGNORECASE,
)
LIKE = re.compile(
    r"\blike(?: (?:an?|the|\w+)){0,2} (?:rain|snow|snowflakes|fog|mist)\b", re.IGNORECASE
)
"""`Steam drifts upward like fog`."""

LEFT_OUT = {
    Effect.RAIN: re.compile(r"\b(?:no|without|free (?:of|from))(?: any)? rain\b", re.IGNORECASE),
    Effect.SNOW: re.compile(r"\b(?:no|without|free (?:of|from))(?: any)? snow\b", re.IGNORECASE),
    Effect.FOG: re.compile(
        r"\b(?:no|without|free (?:of|from))(?: any)? (?:fog|mist)\b", re.IGNORECASE
    ),
}
DAY = re.compile(
    r"\b(?:(?:noon|midday) sun|(?:broad|bright) daylight|midday|sun (?:shines|is shining)|sunny)\b",
    re.IGNORECASE,
)
BESIDE = {
    Effect.RAIN: {Effect.FOG},
    Effect.SNOW: {Effect.FOG},
    Effect.SUNSET: {Effect.NIGHT},
    Effect.DAWN: {Effect.NIGHT},
    Effect.NIGHT: {Effect.SUNSET, Effect.DAWN},
}
"""What may be said beside that which was asked for: mist in the rain, the night behind a sunset."""


def check_sky(answer: str, asked: Directions, ruled_out: frozenset[Effect], chosen: Effect) -> None:
    """Raises `NotWritten` where it says otherwise; `chosen` is what was chosen by name."""
    told = _effects(answer)
    wished = set(asked.effects)
    if chosen is Effect.NONE and told:
        raise NotWritten("weather where none was chosen")
    if told & ruled_out - wished:
        raise NotWritten("weather that was not to be")
    if any(effect in LEFT_OUT and LEFT_OUT[effect].search(answer) for effect in wished - told):
        raise NotWritten("without the weather that was asked for")
    if wished & {Effect.NIGHT, Effect.SUNSET} and not told & wished and _is_day(answer):
        raise NotWritten("other light than was asked for")
    for kind in (set(WEATHER), set(LIGHT)):
        wanted = kind & wished
        beside = {other for effect in wanted & told for other in BESIDE.get(effect, ())}
        if wanted and told & kind - wanted - beside:
            raise NotWritten("other weather or light than was asked for")


def _effects(answer: str) -> set[Effect]:
    """Of clauses that have no "no" in them: what is said not to be may be said in many ways."""
    clauses = (clause for clause in CLAUSE.split(LIKE.sub("", answer)) if not NO.search(clause))
    return {effect for clause in clauses for effect in parse(clause).effects}


def _is_day(answer: str) -> bool:
    clauses = CLAUSE.split(answer)
    return any(DAY.search(clause) and not NO.search(clause) for clause in clauses)
