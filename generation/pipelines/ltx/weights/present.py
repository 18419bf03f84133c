"""Whether a model's files are on this machine; asked at every start, so without any network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from generation.engine.protocol import Capabilities
from generation.pipelines.ltx.profiles import Profile
from generation.pipelines.ltx.weights.needed import (
    INDEX,
    NotDiffusers,
    Part,
    parts_of,
    small_files,
    stage_files,
    used,
    weight_files,
)


def weights_missing(profile: Profile, model: str) -> bool:
    """True unless every needed file of `engine.model` is here: in that folder, or the hub's cache.

    Presence is all that is checked; the download has verified what it wrote.
    """
    folder = Path(model)
    if folder.is_dir():
        return not _complete(Part(model), folder)
    return not all(_cached(part) for part in parts_of(profile))


@dataclass(frozen=True, slots=True)
class StageFiles:
    """Where they lie that a clip in two stages needs: the upsampler's folder, and a LoRA."""

    upsampler: Path
    lora: Path | None


def stages_in(profile: Profile, model: str) -> StageFiles | None:
    """All of them, each in the model's own folder or the hub's cache."""
    if profile.stages is None:
        return None
    found = [_in_folder_or_cache(Path(model), *file) for file in stage_files(profile.stages)]
    here = [path for path in found if path is not None]
    if len(here) < len(found) or here[0].parent != here[1].parent:
        return None
    return StageFiles(here[0].parent, here[-1] if profile.stages.lora else None)


def _in_folder_or_cache(own: Path, repo: str, name: str) -> Path | None:
    if (own / name).is_file():
        return own / name
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(repo, name)
    return Path(found) if isinstance(found, str) else None


def capabilities_here(profile: Profile, model: str, *, two_stages: bool) -> Capabilities:
    """Without its second stage, or where none is wanted, nothing is made twice as large."""
    upsampled = two_stages and stages_in(profile, model) is not None
    return profile.capabilities if upsampled else without_doubling(profile.capabilities)


def without_doubling(known: Capabilities) -> Capabilities:
    return replace(known, options=known.options - {"upscales"})


def _cached(part: Part) -> bool:
    snapshot = _snapshot(part.repo, part.file or INDEX)
    return snapshot is not None and (part.file is not None or _complete(part, snapshot))


def _snapshot(repo: str, name: str) -> Path | None:
    """The folder in the hub's cache that holds `name`."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(repo, name)
    return Path(found).parents[name.count("/")] if isinstance(found, str) else None


def _complete(part: Part, folder: Path) -> bool:
    names = {
        path.relative_to(folder).as_posix()
        for path in (*folder.glob("*"), *folder.glob("*/*"))
        if path.is_file()  # a link into the cache whose blob is gone is no file
    }
    try:
        index = (folder / INDEX).read_bytes()
        small = small_files(part, names, index)
        weights = weight_files(part, names, index, lambda name: (folder / name).read_bytes())
    except (OSError, NotDiffusers):
        return False
    folders = {name.partition("/")[0] for name in (*small, *weights) if "/" in name}
    return names.issuperset([*small, *weights]) and folders >= used(part, index).keys()
