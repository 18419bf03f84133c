"""Which model `engine.model = auto` means on a card far away: its machine looks for itself."""

from __future__ import annotations

from dataclasses import replace

from generation.errors import Misconfigured
from generation.pipelines.ltx.cuda_probe import examine
from generation.pipelines.ltx.model_choice import AUTO, choose_model
from generation.pipelines.ltx.options import LtxOptions
from generation.pipelines.ltx.weights.present import weights_missing


def chosen_here(options: LtxOptions) -> LtxOptions:
    """With a model's name in the place of `auto`. Raises `Misconfigured`."""
    if options.model != AUTO:
        return options
    memory = min((card.memory for card in examine().cards), default=0)
    chosen = choose_model(memory, lambda profile: not weights_missing(profile, profile.name))
    if not chosen.here:
        raise Misconfigured(
            f"The weights of {chosen.profile.name} are not on this machine: `photoplay download` "
            "there fetches them."
        )
    return replace(options, model=chosen.profile.name)
