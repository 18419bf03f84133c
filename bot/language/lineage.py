"""What a clip says of those that it was made from or with: the same words on every front."""

from __future__ import annotations

from collections.abc import Mapping

from bot.language.catalogue import Catalogue
from bot.language.reasons import noted
from generation.lineage import Lineage, places_in


def lineage_said(catalogue: Catalogue, options: Mapping[str, object]) -> list[str]:
    """`options` are a recipe's."""
    said = options.get("lineage")
    lines = [catalogue.say(f"chat.recipe.lineage.{said}")] if said in set(Lineage) else []
    return lines + noted(catalogue, places_in(options))
