"""Nobody is in a clip whom no one asked for, as far as that can be told without a list of names."""

from __future__ import annotations

import pytest

from generation.prompts.answer_names import check_names
from generation.prompts.answer_people import check_people
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
        ("obama lacht", "Obama laughs."),
        ("my dog named rex", "A dog named rex runs."),
        ("x", "Rain falls. Loose strands of hair move. Autumn's colours glow as autumn ends."),
        ("x", "Sunlight filters in. Waves roll. Neon signs buzz on the LED wall."),
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
        ("a woman", "Obama stands next to her."),
        ("a woman", "Nike sponsors the scene."),
        ("a woman", "The sky darkens. London burns."),
        ("a woman", "Tesla's logo glows."),
        ("a woman", "Beyoncé is singing to her."),
        ("a woman", "A WOMAN DRINKS COCA-COLA IN NEW YORK."),
        ("a woman", "a woman drinks coca-cola in new york."),
        ("a woman", "A woman drinks COCA-COLA on the beach."),
        ("a woman", "A woman called bob smiles."),
        ("a woman", "A dog named rex runs to her."),
        ("", "A woman named Angela Merkel smiles at Bob."),
        ("am Sonntag", "On Sunday Obama smiles."),
    ],
)
def test_a_name_that_nobody_said_is_not_used(words: str, answer: str) -> None:
    with pytest.raises(NotWritten):
        check_names(answer, words)


@pytest.mark.parametrize(
    ("words", "answer", "used"),
    [
        ("a woman smiles", "A crowd of men and children dance around her.", False),
        ("the waves roll in", "A man stands on the beach.", False),
        ("the river flows under the tower", "A girl wades through the river.", False),
        ("the waves roll in", "Waves roll onto the beach.", True),
        ("she laughs", "A woman laughs.", True),
        ("the dancers spin", "The women spin.", True),
        ("they kiss", "A couple kisses.", True),
        ("eine Frau und ihre Kinder", "A woman and her children laugh.", True),
        ("女が笑う", "A woman laughs.", True),
    ],
)
def test_people_are_added_to_no_words_that_were_english(
    words: str, answer: str, used: bool
) -> None:
    if used:
        check_people(answer, words)
    else:
        with pytest.raises(NotWritten):
            check_people(answer, words)
