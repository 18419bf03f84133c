"""Fetches a model's files from the hub: says what is to come, resumes, and believes no byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generation.errors import OperatorError
from generation.pipelines.ltx.profiles import Profile
from generation.pipelines.ltx.weights.needed import (
    INDEX,
    NotDiffusers,
    Part,
    parts_of,
    small_files,
    stage_files,
    weight_files,
)
from generation.pipelines.ltx.weights.stream import Told, go_on, sha256

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling


PATIENCE = 30.0
"""Seconds without a byte after which a line counts as cut."""


class DownloadFailed(OperatorError):
    """The message says why, and what to do; what has arrived is kept."""

    code = "download_failed"


@dataclass(frozen=True, slots=True)
class HubFile:
    """`size` in bytes; `sha256` where the hub knows it, which it does for weights."""

    repo: str
    name: str
    size: int
    sha256: str | None


def go_plain() -> None:
    """Before huggingface_hub is imported: plain HTTP, which resumes, and no bars of its own."""
    os.environ["HF_HUB_DISABLE_XET"] = "1"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


def listing(profile: Profile) -> list[HubFile]:
    """Everything the profile needs, the small files first. Raises `DownloadFailed`."""
    with _told_plainly(profile.repo):
        files = [file for part in parts_of(profile) for file in _files(part)]
        return [*files, *_beside(profile)]


def remaining(files: list[HubFile]) -> int:
    """Bytes that are not here yet, less what an earlier try has left."""
    return sum(max(0, file.size - arrived(file)) for file in files)


def arrived(file: HubFile) -> int:
    """Bytes of the file that are here already."""
    from huggingface_hub import try_to_load_from_cache

    if isinstance(try_to_load_from_cache(file.repo, file.name), str):
        return file.size
    blob = _blob(file)
    if blob is not None and (part := _part(blob)).exists():
        return part.stat().st_size
    return 0


def fetch(file: HubFile, told: Told) -> Path:
    """Fetch one file and check it; `told` hears how many more bytes have come.

    Raises `DownloadFailed`: a wrong file is deleted, a cut one goes on the next time. Weights come
    by our own stream, since huggingface_hub (2.4) begins every cut file anew.
    """
    with _told_plainly(file.repo):
        from huggingface_hub import hf_hub_download

        blob = _blob(file)
        if blob is not None and not blob.exists():
            _fetch_blob(file, blob, told)
        return Path(hf_hub_download(file.repo, file.name))


def _fetch_blob(file: HubFile, blob: Path, told: Told) -> None:
    import httpx
    from huggingface_hub import get_token, hf_hub_url

    part = _part(blob)
    part.parent.mkdir(parents=True, exist_ok=True)
    token = get_token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(timeout=PATIENCE) as client:
        go_on(client, hf_hub_url(file.repo, file.name), headers, part, told)
    if part.stat().st_size != file.size or sha256(part) != file.sha256:
        part.unlink()
        raise DownloadFailed(
            f"{file.name} did not arrive as the hub describes it and was deleted; "
            "please run the same command again."
        )
    part.rename(blob)


def _blob(file: HubFile) -> Path | None:
    """Where the hub's cache keeps the content: weights are named by their hash."""
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.file_download import repo_folder_name

    if file.sha256 is None:
        return None
    folder = repo_folder_name(repo_id=file.repo, repo_type="model")
    return Path(HF_HUB_CACHE) / folder / "blobs" / file.sha256


def _part(blob: Path) -> Path:
    return blob.with_name(f"{blob.name}.photoplay.part")


def _files(part: Part) -> Iterator[HubFile]:
    from huggingface_hub import HfApi

    info = HfApi().model_info(part.repo, files_metadata=True)
    known = {sibling.rfilename: sibling for sibling in info.siblings or ()}
    if part.file is not None:
        yield _file(part.repo, part.file, known)
        return
    if INDEX not in known:
        raise NotDiffusers
    index = _small(part.repo, INDEX)
    small = small_files(part, known, index)
    weights = weight_files(part, known, index, lambda name: _small(part.repo, name))
    for name in (*small, *weights):
        yield _file(part.repo, name, known)


def _beside(profile: Profile) -> list[HubFile]:
    """What a clip in two stages needs beside the model, which also runs without: all or nothing."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    wanted = stage_files(profile.stages) if profile.stages else []
    known: dict[str, dict[str, RepoSibling]] = {}
    try:
        for repo in {repo for repo, _ in wanted}:
            info = HfApi().model_info(repo, files_metadata=True)
            known[repo] = {sibling.rfilename: sibling for sibling in info.siblings or ()}
    except RepositoryNotFoundError:  # moved, or hidden: clips are made in one stage
        return []
    if not all(name in known[repo] for repo, name in wanted):
        return []
    return [_file(repo, name, known[repo]) for repo, name in wanted]


def _file(repo: str, name: str, known: dict[str, RepoSibling]) -> HubFile:
    if name not in known:
        raise DownloadFailed(
            f"The repository {repo} has no {name} any more; choose another engine.model."
        )
    sibling = known[name]
    return HubFile(repo, name, sibling.size or 0, sibling.lfs.sha256 if sibling.lfs else None)


def _small(repo: str, name: str) -> bytes:
    from huggingface_hub import hf_hub_download

    return Path(hf_hub_download(repo, name)).read_bytes()


@contextmanager
def _told_plainly(repo: str) -> Iterator[None]:
    """What the hub's library raises, as a sentence that says what to do."""
    import httpx
    from huggingface_hub import errors as hub

    try:
        yield
    except hub.GatedRepoError:
        raise _gated(repo) from None
    except httpx.HTTPStatusError as error:
        if error.response.status_code not in (401, 403):
            raise _cut() from None
        raise _gated(repo) from None
    except hub.RepositoryNotFoundError:
        raise DownloadFailed(
            f"The hub has no {repo}, or hides it; check engine.model and HF_TOKEN."
        ) from None
    except NotDiffusers:
        raise DownloadFailed(
            f"{repo} is not laid out for diffusers; choose another engine.model."
        ) from None
    except (hub.HTTPError, hub.LocalEntryNotFoundError, httpx.HTTPError, ConnectionError):  # type: ignore[attr-defined]
        raise _cut() from None
    except OSError as error:
        raise DownloadFailed(
            f"The files cannot be written ({error.strerror or 'no connection'}); "
            "make room or set HF_HOME to another disk, then run the same command again."
        ) from None


def _gated(repo: str) -> DownloadFailed:
    return DownloadFailed(
        f"{repo} is only for those who accepted its licence: accept it on the hub's page "
        "of this model, make an access token there and set HF_TOKEN to it."
    )


def _cut() -> DownloadFailed:
    return DownloadFailed(
        "The hub does not answer, or the line was cut; what has arrived is kept: "
        "run the same command again to go on."
    )
