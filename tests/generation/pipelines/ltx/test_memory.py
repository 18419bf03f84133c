"""How the weights lie is decided from what is free; nothing here needs torch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generation.pipelines.ltx.memory import RESERVE, choose, needed, sentence
from generation.pipelines.ltx.memory_fallbacks import smaller, too_large
from generation.pipelines.ltx.options import Memory
from generation.pipelines.ltx.profiles import PROFILES, Profile, profile_of

GB = 10**9


def of(name: str) -> Profile:
    profile = profile_of(name)
    assert profile is not None
    return profile


@pytest.mark.parametrize(
    ("name", "free", "how"),
    [
        ("LTX-Video", 24, Memory.FULL),
        ("LTX-Video", 16, Memory.OFFLOAD),
        ("LTX-Video", 12, Memory.LOW),
        ("LTX-Video-0.9.7-dev", 80, Memory.FULL),
        ("LTX-Video-0.9.7-dev", 40, Memory.OFFLOAD),
        ("LTX-Video-0.9.7-dev", 24, Memory.LOW),
        ("LTX-2", 140, Memory.FULL),
        ("LTX-2", 48, Memory.OFFLOAD),
    ],
)
def test_the_fastest_way_that_fits_is_taken(name: str, free: int, how: Memory) -> None:
    assert choose(Memory.AUTO, free * GB, of(name), fp8=False) is how


def test_what_the_operator_says_wins_over_what_is_free() -> None:
    for how in (Memory.FULL, Memory.OFFLOAD, Memory.LOW):
        assert choose(how, 1 * GB, of("LTX-2"), fp8=False) is how


def test_eight_bits_make_room() -> None:
    profile = of("LTX-Video-0.9.7-dev")
    free = round((needed(profile, fp8=True)[0] + RESERVE + 0.1) * GB)
    assert choose(Memory.AUTO, free, profile, fp8=True) is Memory.FULL
    assert choose(Memory.AUTO, free, profile, fp8=False) is not Memory.FULL


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_more_memory_never_chooses_a_slower_way(profile: Profile) -> None:
    order = [Memory.LOW, Memory.OFFLOAD, Memory.FULL]
    chosen = [choose(Memory.AUTO, free * GB, profile, fp8=False) for free in range(1, 150)]
    assert chosen == sorted(chosen, key=order.index)
    assert chosen[-1] is Memory.FULL


def test_the_log_names_model_sizes_and_choice() -> None:
    said = sentence(Memory.OFFLOAD, 16 * GB, of("LTX-Video"))
    assert "LTX-Video has 15.8 GB" in said.replace("15.9", "15.8")
    assert "16.0 GB are free" in said
    assert "engine.memory=offload" in said


@pytest.mark.parametrize("size", [(704, 480), (1280, 1280), (96, 64), (1280, 320), (64, 64)])
def test_the_smaller_size_is_on_the_grid_and_about_half(size: tuple[int, int]) -> None:
    width, height = smaller(*size)
    assert width % 32 == height % 32 == 0
    assert min(width, height) >= 64
    if min(size) > 256:
        assert 0.4 < (width * height) / (size[0] * size[1]) < 0.6


def test_somebody_whose_clip_does_not_fit_is_told_a_size_or_to_shorten_it() -> None:
    assert too_large(704, 480).facts == {"nearest": "512x352"}
    assert too_large(64, 64).reason == "length"


def test_every_profile_needs_less_for_a_component_than_for_all() -> None:
    for profile in PROFILES:
        everything, component = needed(replace(profile))
        assert 0 < component < everything
