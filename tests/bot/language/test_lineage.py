"""What a clip says of those it was made from or with."""

from __future__ import annotations

from bot.language.catalogue import load_texts
from bot.language.lineage import lineage_said
from generation.lineage import Lineage


def test_every_descent_has_its_words_and_nothing_else_is_said() -> None:
    english = load_texts().of("en")
    for one in Lineage:
        [said] = lineage_said(english, {"lineage": one.value})
        assert said.endswith(".")
    varied = {"lineage": "extended", "variation": "2 of 4"}
    assert lineage_said(english, varied) == ["It goes on from another clip.", "Variation 2 of 4."]
    assert lineage_said(english, {"scene": "3 of 9"}) == ["Scene 3 of 9 of a film."]
    assert lineage_said(english, {"lineage": "stolen", "scene": 7, "seed": 1}) == []
