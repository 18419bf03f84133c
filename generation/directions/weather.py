"""Finds the weather and the hour of the day that somebody wishes for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generation.directions.grammar import ARTICLES, BREAKS, MODIFIERS, TRANSPARENT
from generation.directions.vocabulary import Effect

WEATHER: Mapping[str, Effect] = {
    word: effect
    for effect, words in {
        Effect.RAIN: "rain rains raining rainy rainfall raindrops drizzle drizzles drizzling"
        " drizzly downpour thunderstorm thunderstorms rainstorm storm stormy monsoon",
        Effect.SNOW: "snow snows snowing snowfall snowflake snowflakes blizzard flurries",
        Effect.FOG: "fog foggy mist mists misty haze hazy",
        Effect.SUNSET: "sunset sunsets sundown dusk twilight",
        Effect.NIGHT: "night nighttime nightfall midnight moonlight moonlit",
        Effect.DAWN: "dawn sunrise daybreak",
    }.items()
    for word in words.split()
}

POURED = frozenset({"rains", "raining", "snows", "snowing"})
NOT_WATER = frozenset(
    "petals money confetti fire gold blood hearts ash arrows candy stars coins glitter leaves men"
    " frogs bullets cash meatballs".split()
)
IMPERSONAL = BREAKS | ARTICLES | frozenset("it that heavy pouring".split())
UNNOTICED = TRANSPARENT | MODIFIERS
OVER = frozenset("stops stop stopped stopping ends ended clears cleared".split())
DAYBREAK = frozenset("breaks comes arrives approaches rises".split())


def effects_in(words: Sequence[str], forbidden: Sequence[bool]) -> tuple[Effect, ...]:
    found = (
        WEATHER[word]
        for at, word in enumerate(words)
        if word in WEATHER and not forbidden[at] and _is_meant(words, at)
    )
    return tuple(dict.fromkeys(found))


def _is_meant(words: Sequence[str], at: int) -> bool:
    """Confetti rains too, and Dawn is somebody's name."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else "."
    if following in OVER:
        return False
    if word in POURED:
        return following not in NOT_WATER and _falls_by_itself(words, at)
    if word == "rain" and following == "down":
        return _falls_by_itself(words, at)
    if word == "dawn":
        return not _is_a_name(following)
    return not (word == "storm" and following in ("into", "off", "away"))


def _falls_by_itself(words: Sequence[str], at: int) -> bool:
    while at and words[at - 1] in UNNOTICED:
        at -= 1
    return at == 0 or words[at - 1] in IMPERSONAL


def _is_a_name(following: str) -> bool:
    acts = following.endswith("s") and following not in DAYBREAK and len(following) > 3
    return acts or following in ("is", "has", "was")
