"""Which engine can make which job: what a request needs, against what each engine has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Capabilities, Defaults, Engine
from generation.jobs import AnimationRequest
from generation.store.claims import Lane


@lru_cache(maxsize=64)
def features(known: Capabilities) -> frozenset[str]:
    """Everything an engine has that another one may lack."""
    motions = (f"motion:{motion.value}" for motion in known.motions)
    effects = (f"effect:{effect.value}" for effect in known.effects)
    return frozenset({*known.options, *motions, *effects, f"model:{known.model}"})


def needs(request: AnimationRequest, defaults: Defaults) -> frozenset[str]:
    """What was asked for by name; what holds unasked (`defaults`) any engine does its own way."""
    asked = {
        "negative_prompt": request.negative_prompt not in {"", defaults.negative_prompt},
        "num_inference_steps": request.num_inference_steps != defaults.num_inference_steps,
        "guidance_scale": request.guidance_scale != defaults.guidance_scale,
        "strength": request.strength is not None,
        "motion_strength": request.motion_strength is not None,
        "end_image": request.end_image is not None,
        "keyframes": bool(request.keyframes),
        "extends": request.extends is not None,
        "loop": request.loop,
        f"motion:{request.motion.value}": request.motion is not Motion.AUTO,
        f"effect:{request.effect.value}": request.effect not in {Effect.AUTO, Effect.NONE},
    }
    named = set() if request.model is None else {f"model:{request.model}"}
    return frozenset({name for name, is_asked in asked.items() if is_asked} | named)


def lane_of(request: AnimationRequest, engines: Sequence[Engine]) -> Lane:
    """Only what tells the engines apart: where all are alike there is one lane."""
    first = engines[0].capabilities
    asked = needs(request, first.defaults) if len(engines) > 1 else frozenset()
    having = {engine.name: features(engine.capabilities) for engine in engines}
    rare = asked - frozenset.intersection(*having.values())
    if not any(rare <= those for those in having.values()):
        return Lane(first.engine)  # the engines changed meanwhile: whoever is free does what it can
    unable = [engine for engine in engines if not rare <= having[engine.name]]
    cards = (card.name for engine in unable for card in engine.cards)
    return Lane(first.engine, rare, frozenset({*(engine.name for engine in unable), *cards}))
