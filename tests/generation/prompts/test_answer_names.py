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
        ("the sign blinks", 'A neon sign reading "OPEN" flickers.'),
        ("a dog runs", "A Golden Retriever runs after a German Shepherd and a Dalmatian."),
        ("a fair", "The Ferris wheel turns under the Northern Lights."),
        ("pizza, whisky", "Strings of melted Mozzarella, Cheddar and Scotch whisky glisten."),
        ("a temple", "A golden Buddha sits beside a statue of Jesus on a Polaroid photo."),
        ("Deutschland Fahne", "The flag of Germany waves."),
        ("Sonnenuntergang am Bodensee", "The sun sets over Lake Constance."),
        ("Firenze dall'alto", "A shot of Florence from above."),
        ("Schwarzwald im Nebel", "Fog drifts through the Black Forest."),
        ("Rotkäppchen", "Little Red Riding Hood walks through the forest."),
        ("Chinesische Mauer", "The Great Wall winds over the hills."),
        ("Papst winkt", "The Pope waves from the balcony."),
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
        ("der Wald", "The flag of Germany waves in the Black Forest."),
        ("der Wald", "The streets of Florence lie in the sun."),
        ("a can", 'A can with "PEPSI" on it stands there.'),
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
        ("busy street in the rain", "Pedestrians hurry along the street.", True),
        ("a parade in the street", "People cheer as the parade passes.", True),
        ("my mom and dad", "A couple stands close to each other.", True),
        ("running in the park", "A man runs through the park.", True),
        ("bring this old photo to life", "The people in the photograph blink.", True),
        ("the waves of the sea", "A man stands on the beach.", False),
        ("waves in the sea", "A man stands on the beach.", False),
        ("empty beach, no people", "The beach lies empty, with no people on it.", True),
        ("empty beach, no people", "A woman walks along the beach.", False),
        ("a street without people", "People walk down the street.", False),
        ("a man and a dog, no one else", "A man walks his dog.", True),
        ("a man and a dog, no one else", "A crowd of people watches him.", False),
        ("Strand ohne Menschen", "Many people swim in the sea.", False),
        ("ein Mann, keine Leute", "A man walks along the beach.", True),
        ("empty street", "A lone figure walks in the distance.", False),
        ("empty street", "A soldier in uniform stands there.", False),
        ("the cat sleeps", "The cat sleeps on the lap of an old fisherman.", False),
        ("a soldier salutes", "A soldier salutes.", True),
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
