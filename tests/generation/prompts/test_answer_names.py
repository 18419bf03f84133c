"""Nobody is in a clip whom no one asked for, as far as that can be told without a list of names."""

from __future__ import annotations

import pytest

from generation.prompts.answer_names import check_names
from generation.prompts.errors import NotWritten


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Weihnachtsbaum", "The lights of a Christmas tree glow."),
        ("am Sonntagmorgen im März", "On a Sunday morning in March, fog lifts."),
        ("Weihnachtsmann winkt", "In the snow, Santa Claus waves."),
        ("Garten, Kirche", "A Japanese garden lies before the Gothic church."),
        ("Kölner Dom", "Clouds pass above the cathedral of Cologne."),
        ("Wien bei Nacht", "At night the streets of Vienna shine."),
        ("Rom, Regen", "In Rome it rains."),
        ("die Gassen von Venedig", "Water glitters in the alleys of Venice."),
        ("München, Moskau", "From Munich to Moscow, trains roll."),
        ("der Eiffelturm blinkt", "Lights flicker on the Eiffel Tower."),
        ("東京タワー", "Lights flicker on the Tokyo Tower."),
    ],
)
def test_what_was_said_may_be_said_in_english(words: str, answer: str) -> None:
    check_names(answer, words)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("die Wellen rollen heran", "Waves roll in while Elon Musk walks along the beach."),
        ("die Wellen rollen heran", "On the beach stands a Coca-Cola sign."),
        ("ein Bär im Wald", "In the woods, Barack meets a bear."),
        ("Kölner Dom", "The cathedral stands in Paris."),
        ("der Boy lacht", "The boy laughs at Bob and a Dior coat."),
        ("am Sonntag", "On Sunday Obama smiles."),
    ],
)
def test_a_name_that_nobody_said_is_not_used(words: str, answer: str) -> None:
    with pytest.raises(NotWritten):
        check_names(answer, words)
