"""`auto` is the best model for the card among those whose weights are here."""

from __future__ import annotations

import pytest

from generation.pipelines.ltx.model_choice import choose_model
from generation.pipelines.ltx.profiles import PROFILES, Profile

GB = 10**9
LARGE, SMALL = "LTX-Video-0.9.8-13B-distilled", "LTX-Video-2B-0.9.8-distilled"


def chosen(gigabytes: float, *here: str) -> tuple[str, bool]:
    found = choose_model(round(gigabytes * GB), lambda profile: profile.name in here)
    return found.profile.name, found.here


@pytest.mark.parametrize(
    ("gigabytes", "here", "name"),
    [
        (80, (LARGE, SMALL, "LTX-Video"), LARGE),
        (40, (LARGE, SMALL), LARGE),
        (24, (LARGE, SMALL), SMALL),
        (80, (SMALL, "LTX-Video"), SMALL),
        (80, ("LTX-Video",), "LTX-Video"),
        (24, ("LTX-Video", LARGE), "LTX-Video"),
        (24, (LARGE,), LARGE),
        (8, ("LTX-2.3",), "LTX-2.3"),
    ],
)
def test_the_best_one_that_is_here_is_taken(
    gigabytes: float, here: tuple[str, ...], name: str
) -> None:
    assert chosen(gigabytes, *here) == (name, True)


@pytest.mark.parametrize(
    ("gigabytes", "name"), [(141, LARGE), (39.5, LARGE), (24, SMALL), (8, SMALL)]
)
def test_where_none_is_here_the_one_for_the_card_is_offered(gigabytes: float, name: str) -> None:
    assert chosen(gigabytes) == (name, False)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_what_comes_over_the_line_is_no_less_than_what_is_loaded(profile: Profile) -> None:
    assert profile.download >= profile.sizes.total - 0.5
