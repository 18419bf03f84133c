"""How the weights lie is decided from what is free; nothing here needs torch."""

from __future__ import annotations

import pytest

from generation.pipelines.ltx.memory import IN_ORDER, FreeMemory, choose, needs, sentence
from generation.pipelines.ltx.memory_fallbacks import smaller, too_large
from generation.pipelines.ltx.options import Memory
from generation.pipelines.ltx.profiles import PROFILES, Profile, profile_of

GB = 10**9
MUCH = 256


def of(name: str) -> Profile:
    profile = profile_of(name)
    assert profile is not None
    return profile


def room(card: float, host: float = MUCH) -> FreeMemory:
    return FreeMemory(round(card * GB), round(host * GB))


@pytest.mark.parametrize(
    ("name", "card", "how"),
    [
        ("LTX-Video", 24, Memory.FULL),
        ("LTX-Video", 16, Memory.TEXT),
        ("LTX-Video", 12, Memory.TEXT),
        ("LTX-Video", 9.6, Memory.TEXT),
        ("LTX-Video", 8, Memory.LOW),
        ("LTX-Video-0.9.7-dev", 80, Memory.FULL),
        ("LTX-Video-0.9.7-dev", 40, Memory.TEXT),
        ("LTX-Video-0.9.7-dev", 24, Memory.LOW),
        ("LTX-2", 140, Memory.FULL),
        ("LTX-2", 48, Memory.TEXT),
        ("LTX-2", 43, Memory.OFFLOAD),
    ],
)
def test_the_fastest_way_that_fits_is_taken(name: str, card: float, how: Memory) -> None:
    assert choose(Memory.AUTO, room(card), of(name), fp8=False) is how


def test_every_slower_way_needs_more_of_the_host() -> None:
    """So nothing is gained by looking for another one where the host is small."""
    for profile in PROFILES:
        known = needs(profile)
        assert known[Memory.FULL].host < known[Memory.TEXT].host < known[Memory.LOW].host
        assert known[Memory.TEXT].host < known[Memory.OFFLOAD].host


def test_a_host_that_is_too_small_is_said() -> None:
    said = sentence(Memory.TEXT, room(16, 8), of("LTX-Video"), asked=Memory.AUTO, fp8=False)
    assert "8.0 GB on the host" in said
    assert "more than is free" in said


def test_what_the_operator_says_wins_over_what_is_free() -> None:
    for how in IN_ORDER:
        assert choose(how, room(1), of("LTX-2"), fp8=False) is how


def test_eight_bits_make_room() -> None:
    profile = of("LTX-Video-0.9.7-dev")
    free = room(needs(profile, fp8=True)[Memory.FULL].card + 0.1)
    assert choose(Memory.AUTO, free, profile, fp8=True) is Memory.FULL
    assert choose(Memory.AUTO, free, profile, fp8=False) is not Memory.FULL


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_more_memory_never_chooses_a_slower_way(profile: Profile) -> None:
    chosen = [choose(Memory.AUTO, room(free), profile, fp8=False) for free in range(150, 1, -1)]
    assert chosen == sorted(chosen, key=IN_ORDER.index)
    assert chosen[0] is Memory.FULL


def test_the_log_names_sizes_choice_and_reason() -> None:
    free = room(16, 40)
    said = sentence(Memory.TEXT, free, of("LTX-Video"), asked=Memory.AUTO, fp8=False)
    assert "16.0 GB are free on the card and 40.0 GB on the host" in said
    assert "the text encoder is streamed from the host" in said
    assert "engine.memory=text, the fastest way that fits" in said
    short = sentence(Memory.FULL, free, of("LTX-Video"), asked=Memory.FULL, fp8=False)
    assert "as engine.memory says" in short
    assert "more than is free" in short


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


def test_every_profile_needs_less_of_the_card_from_way_to_way() -> None:
    for profile in PROFILES:
        if profile.sizes.text_encoder > profile.sizes.transformer:
            continue  # there moving whole components needs more than leaving all but the text's
        cards = [needs(profile)[how].card for how in IN_ORDER]
        assert cards == sorted(cards, reverse=True)
