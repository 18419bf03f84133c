"""Which files of a repository a profile needs: what its index names, safetensors only."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from generation.pipelines.ltx.profiles import UNUSED, Profile
from generation.pipelines.ltx.stages import FOLDER, Stages

INDEX = "model_index.json"

SMALL = (".json", ".txt", ".model", ".jinja")
"""Configurations, vocabularies and SentencePiece models."""

WEIGHTLESS = ("Scheduler", "Tokenizer", "TokenizerFast", "Processor", "FeatureExtractor")
"""Ends of the names of classes that are configuration alone."""

WEIGHTS = ("diffusion_pytorch_model.safetensors", "model.safetensors")
"""What diffusers and transformers call weights that are in one piece."""


class ComponentKind(NamedTuple):
    """What a component is, as the index says: the library that reads it, and its class."""

    library: str
    name: str

    @property
    def weights(self) -> tuple[str, ...]:
        """Its library's own name first: LTX-2's folders hold a stale copy under the other one."""
        return WEIGHTS[::-1] if self.library == "transformers" else WEIGHTS


@dataclass(frozen=True, slots=True)
class Part:
    """One repository's share of a profile: all components but those `without` weights, and of
    those that are `unused` not even their configuration.
    """

    repo: str
    file: str | None = None
    without: frozenset[str] = frozenset()
    unused: frozenset[str] = UNUSED


def stage_files(stages: Stages) -> list[tuple[str, str]]:
    """Repository and name of what two stages need beside the model: the upsampler's configuration
    and weights, then the LoRA where there is one.
    """
    names = f"{FOLDER}/config.json", f"{FOLDER}/{WEIGHTS[0]}"
    files = [(stages.upsampler.repo, name) for name in names]
    return [*files, (stages.lora.repo, stages.lora.file)] if stages.lora else files


def parts_of(profile: Profile) -> tuple[Part, ...]:
    if profile.file is None or profile.base is None:
        return (Part(profile.repo),)
    return (
        Part(profile.repo, profile.file),
        Part(profile.base, without=frozenset({"transformer", "vae"})),
    )


class NotDiffusers(Exception):
    """The repository has no `model_index.json`, or one that names no components."""


def small_files(part: Part, names: Collection[str], index: bytes) -> list[str]:
    """Everything but weights, in the order in which it is fetched; the index comes first.

    Raises `NotDiffusers`.
    """
    found = [INDEX]
    for component in used(part, index):
        found += sorted(n for n in _in(component, names) if n.endswith(SMALL))
    return found


def weight_files(
    part: Part, names: Collection[str], index: bytes, read: Callable[[str], bytes]
) -> list[str]:
    """The weights of all components that have some; `read` reads a small file.

    Raises `NotDiffusers`.
    """
    found: list[str] = []
    for component, kind in used(part, index).items():
        if component not in part.without and not kind.name.endswith(WEIGHTLESS):
            found += _weights(component, kind, names, read)
    return found


def used(part: Part, index: bytes) -> dict[str, ComponentKind]:
    """Components and their kinds, less what nobody loads; raises `NotDiffusers`."""
    found = components(index)
    return {name: kind for name, kind in found.items() if name not in part.unused}


def components(index: bytes) -> dict[str, ComponentKind]:
    """Names of folders and of what they hold; raises `NotDiffusers`."""
    try:
        content: Any = json.loads(index)
        found = {
            name: ComponentKind(str(kind[0]), str(kind[1]))
            for name, kind in content.items()
            if isinstance(kind, list) and len(kind) == 2 and kind[1]
        }
    except (ValueError, AttributeError):
        raise NotDiffusers from None
    if not found:
        raise NotDiffusers
    return found


def _weights(
    component: str, kind: ComponentKind, names: Collection[str], read: Callable[[str], bytes]
) -> Iterable[str]:
    for name in kind.weights:
        if f"{component}/{name}.index.json" in names:
            return _pieces(component, read(f"{component}/{name}.index.json"))
        if f"{component}/{name}" in names:
            return [f"{component}/{name}"]
    return [f"{component}/{kind.weights[0]}"]  # not there: whoever looks for it will say so


def _pieces(component: str, index: bytes) -> list[str]:
    try:
        pieces = set(json.loads(index)["weight_map"].values())
    except (ValueError, KeyError, AttributeError, TypeError):
        raise NotDiffusers from None
    return [f"{component}/{piece}" for piece in sorted(map(str, pieces))]


def _in(component: str, names: Collection[str]) -> Iterator[str]:
    return (name for name in names if name.rpartition("/")[0] == component)
