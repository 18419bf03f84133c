"""Weather falls, drifts and thickens; the hours change the light; all of it measured in frames."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from generation.directions.vocabulary import Directions, Effect, Motion, Move
from generation.media.frames import Picture
from generation.pipelines.camera.effects import rain, snow
from generation.pipelines.camera.effects.particles import ParticleLayer
from tests.generation.pipelines.camera.recording_stage import (
    filmed,
    grey,
    photograph,
    plain,
    shot,
    texture,
)

pytestmark = pytest.mark.slow


def fall(first: Picture, second: Picture, farthest: int) -> int:
    """By how many rows downwards (negative: upwards) the second fits the first best."""
    a, b = (grey(frame) - grey(frame).mean() for frame in (first, second))
    return max(range(-farthest, farthest + 1), key=lambda rows: _fit(a, b, rows))


def _fit(a: NDArray[np.float32], b: NDArray[np.float32], rows: int) -> float:
    """The best over a few columns to both sides, for wind."""
    rim = 40
    inner = a[rim:-rim, rim:-rim]
    height, width = a.shape
    return max(
        float((inner * b[rim + rows : height - rim + rows, rim + x : width - rim + x]).sum())
        for x in range(-8, 9)
    )


@pytest.mark.parametrize(("effect", "least"), [(Effect.RAIN, 4), (Effect.SNOW, 1)])
def test_what_falls_falls_down(effect: Effect, least: int) -> None:
    frames = shot(plain(256, 160, 90), Motion.STILL, effects=(effect,))
    apart = 1 if effect is Effect.RAIN else 3
    falls = [fall(frames[k], frames[k + apart], 30) for k in range(4, 28, 4)]
    assert np.median(falls) >= least


@pytest.mark.parametrize("layers", [rain.LAYERS, snow.LAYERS])
def test_weather_has_depth(layers: tuple[ParticleLayer, ...]) -> None:
    assert len(layers) >= 3
    assert [layer.nearness for layer in layers] == sorted({layer.nearness for layer in layers})
    assert [layer.speed for layer in layers] == sorted({layer.speed for layer in layers})
    assert [layer.size for layer in layers] == sorted({layer.size for layer in layers})


def test_rain_is_drawn_as_streaks() -> None:
    frame = grey(shot(plain(256, 160, 90), Motion.STILL, effects=(Effect.RAIN,), frames=9)[4])
    down, across = np.abs(np.diff(frame, axis=0)).mean(), np.abs(np.diff(frame, axis=1)).mean()
    assert across > 1.5 * down


def test_fog_is_thicker_where_it_is_far_and_thickens() -> None:
    picture = texture(300, 200)
    clear = shot(picture, Motion.STILL, frames=17)
    foggy = shot(picture, Motion.STILL, effects=(Effect.FOG,), frames=17)

    def contrast(frame: Picture, rows: slice) -> float:
        return float(grey(frame)[rows].std())

    top, bottom = slice(0, 40), slice(120, 160)
    left_far = contrast(foggy[-1], top) / contrast(clear[-1], top)
    left_near = contrast(foggy[-1], bottom) / contrast(clear[-1], bottom)
    assert left_far < 0.75 * left_near
    assert contrast(foggy[-1], top) < contrast(foggy[0], top)


def test_fog_drifts() -> None:
    frames = shot(plain(256, 160, 60), Motion.STILL, effects=(Effect.FOG,), frames=49)
    spread = [grey(frame) - grey(frame).mean() for frame in frames]
    late, early = spread[48], spread[24]
    assert np.corrcoef(early.ravel(), late.ravel())[0, 1] < 0.98
    assert float(np.abs(late - early).max()) > 4


@pytest.mark.parametrize("name", ["astronaut", "chelsea"])
def test_night_takes_away_between_forty_and_seventy_percent_of_the_light(name: str) -> None:
    day = shot(photograph(name), Motion.STILL)
    night = shot(photograph(name), Motion.STILL, effects=(Effect.NIGHT,))
    lost = 1 - grey(night[-1]).mean() / grey(day[-1]).mean()
    over_all = 1 - np.mean([grey(f).mean() for f in night]) / grey(day[0]).mean()
    assert 0.4 <= lost <= 0.7
    assert 0.4 <= over_all <= 0.7


def street() -> Picture:
    """A dim wall with one small bright window."""
    picture = plain(640, 400, 90)
    picture[190:202, 300:310] = (255, 240, 200)
    return picture


def test_lights_stay_lit_at_night() -> None:
    night = shot(street(), Motion.STILL, effects=(Effect.NIGHT,))[-1]
    window, wall = grey(night)[76:80, 121:123].mean(), grey(night)[20:40].mean()
    beside = grey(night)[76:80, 126:130].mean()
    assert window > 150
    assert wall < 60
    assert beside > wall + 5, "a lamp has a halo"


@pytest.mark.parametrize("effect", [Effect.SUNSET, Effect.NIGHT, Effect.DAWN])
def test_an_hour_changes_over_the_clip_and_without_steps(effect: Effect) -> None:
    frames = shot(photograph("chelsea"), Motion.STILL, effects=(effect,))
    means = np.array([frame.reshape(-1, 3).mean(axis=0) for frame in frames])
    assert np.abs(means[-1] - means[0]).max() > 15
    assert np.abs(np.diff(means, axis=0)).max() < 6


def test_a_sunset_is_warm_and_sinks_and_a_dawn_rises() -> None:
    plain_frame = shot(texture(300, 200), Motion.STILL, frames=9)[0]
    sunset = shot(texture(300, 200), Motion.STILL, effects=(Effect.SUNSET,), frames=9)
    dawn = shot(texture(300, 200), Motion.STILL, effects=(Effect.DAWN,), frames=9)

    def warmth(frame: Picture) -> float:
        red, _, blue = frame.reshape(-1, 3).mean(axis=0)
        return float(red / blue)

    assert warmth(sunset[-1]) > 1.2 * warmth(plain_frame)
    assert grey(sunset[-1]).mean() < 0.8 * grey(sunset[0]).mean()
    assert grey(dawn[-1]).mean() > 1.5 * grey(dawn[0]).mean()
    assert warmth(dawn[0]) < warmth(plain_frame) < warmth(dawn[-1])


def test_hours_follow_each_other_as_they_were_asked_for() -> None:
    still = ((Move(Motion.STILL),),)
    frames = filmed(photograph("chelsea"), Directions(still, (Effect.SUNSET, Effect.NIGHT)))
    red = [float(f[..., 0].mean() / f[..., 2].mean()) for f in frames]
    assert red[10] > red[-1]
    assert grey(frames[-1]).mean() < 0.6 * grey(frames[0]).mean()


def test_rain_at_night_is_both() -> None:
    night = shot(photograph("astronaut"), Motion.STILL, effects=(Effect.NIGHT,))
    both = shot(photograph("astronaut"), Motion.STILL, effects=(Effect.RAIN, Effect.NIGHT))
    assert np.abs(grey(both[-1]) - grey(night[-1])).max() > 25
    assert grey(both[-1]).mean() < 1.4 * grey(night[-1]).mean()
