"""What a card gets is said from one table, whose figures are measured or said not to be."""

from __future__ import annotations

from itertools import pairwise

import pytest

from generation.pipelines.ltx.cards import Measurement, Offer, offer, rows
from generation.pipelines.ltx.options import Memory

GB = 10**9
LARGE, SMALL = "LTX-Video-0.9.8-13B-distilled", "LTX-Video-2B-0.9.8-distilled"


@pytest.mark.parametrize(
    ("gigabytes", "model", "how"),
    [
        (141, LARGE, Memory.FULL),
        (40, LARGE, Memory.TEXT),
        (24, SMALL, Memory.FULL),
        (12, SMALL, Memory.TEXT),
        (8, SMALL, Memory.LOW),
    ],
)
def test_a_card_gets_the_model_that_answers_and_the_way_that_fits(
    gigabytes: int, model: str, how: Memory
) -> None:
    assert offer(gigabytes * GB) == Offer(model, how)


def test_every_card_from_the_smallest_on_is_in_one_row() -> None:
    told = [card for card, *_ in rows()]
    assert told[0].endswith(" GB and more")
    spans = [[int(word) for word in card.split() if word.isdigit()] for card in told]
    for (least, *_), below in pairwise(spans):
        assert below[-1] == least - 1
    assert spans[-1][0] == 8


def test_seconds_are_measured_or_said_not_to_be() -> None:
    here = Offer(SMALL, Memory.FULL)
    assert here.seconds() == "not measured"
    measured = (
        Measurement("H200", SMALL, Memory.FULL, 1.07),
        Measurement("L4", SMALL, Memory.TEXT, 9),
    )
    assert here.seconds(measured) == "1.1 (H200)"
