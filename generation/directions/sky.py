"""The words for the weather and the hour of the day, as a table."""

from __future__ import annotations

from collections.abc import Mapping

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
