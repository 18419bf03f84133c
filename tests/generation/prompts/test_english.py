"""Only English is told to a model that reads English, whatever a language model answered."""

from __future__ import annotations

import pytest

from generation.prompts.english import check_english
from generation.prompts.errors import NotWritten


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "Sure",
        "Chat noir.",
        "La donna guarda avanti mentre la camera avanza.",
        "Le chat regarde la lune et la mer est calme.",
        "La mujer mira al mar mientras el viento mueve su pelo.",
        "A woman sonríe mientras the wind moves su pelo.",
        "Waves roll onto the beach. Die Kamera fährt langsam auf das Wasser zu.",
        "As ondas chegam à praia enquanto chove.",
        "Een vrouw kijkt naar het water.",
        "Женщина смотрит вперёд.",
    ],
)
def test_other_languages_and_no_prompts_are_told_apart(text: str) -> None:
    with pytest.raises(NotWritten):
        check_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Waves roll in.",
        "Rain falls. A man waits in the doorway.",
        "A woman sits at a café terrace in La Rochelle.",
        "The lights of Rio de Janeiro glow. Clouds pass.",
        "Dancers from Los Angeles, the crème de la crème, whirl across the floor with her.",
        "Le Corbusier's chapel stands on the hill in pale light.",
    ],
)
def test_english_with_foreign_names_is_english(text: str) -> None:
    check_english(text)
