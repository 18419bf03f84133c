"""Names that are quite other ones in English, and the words in other languages that they stand for.

Only those that do not sound alike: `Köln` and `Cologne` need no list.
"""

from __future__ import annotations

from collections.abc import Mapping

TRANSLATED: Mapping[str, frozenset[str]] = {
    english: frozenset(words.split())
    for english, words in {
        "germany": "deutschland allemagne alemania alemanha tyskland",
        "austria": "osterreich autriche",
        "athens": "athen athenes atene atenas",
        "florence": "florenz firenze florencia florenca",
        "constance": "bodensee",
        "forest": "schwarzwald foret bosque foresta floresta",
        "white": "schneewittchen blanche blancanieves biancaneve",
        "riding hood": "rotkappchen chaperon caperucita cappuccetto chapeuzinho",
        "great wall": "mauer muraille muralla muraglia muralha",
        "pope": "papst pape papa",
        "liberty": "freiheitsstatue liberte libertad liberta liberdade",
        "white house": "haus maison casa",
        "virgin mary": "gottes vierge virgen vergine virgem jungfrau",
    }.items()
}
"""Without accents. A name is vouched for where all words of the English one are in it."""


def stands_for(name: set[str], said: set[str]) -> bool:
    """Whether such a name, as plain words, is what was said."""
    return any(
        name.issuperset(english.split()) and not words.isdisjoint(said)
        for english, words in TRANSLATED.items()
    )
