"""What travels between the bridge and a card: pictures with the job, the clip as bytes."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from generation.engine.protocol import Animation, Capabilities, Done, Heartbeat, Progress
from generation.errors import GenerationFailed
from generation.events import Cancelled, Failed
from generation.jobs import Clip
from generation.media.atomic_publish import Publication
from generation.media.errors import encoding_failure
from generation.media.marking import source_of
from generation.media.mp4_boxes import BrokenClip
from generation.media.provenance import Signer, sign

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A finished clip; `clip.path` is the card's."""

    clip: Clip
    video: bytes
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class Arriving:
    """The next that comes is a clip of so many bytes."""

    size: int


@dataclass(frozen=True, slots=True)
class EngineGone:
    """The card's engine has ended: what is `WorkerLost` there."""

    reason: str
    guilty: bool = False
    device: bool = False


Told = Progress | Failed | Cancelled | Arriving | Arrived | EngineGone
"""What a card's host says of a job."""

Loaded = Heartbeat | Capabilities | EngineGone
"""What it says while its engine starts."""


def packed(animation: Animation) -> Files:
    """What the job is made from; of what is gone the card's engine says so."""
    files = {}
    for name in animation.request.inputs:
        with suppress(OSError):
            files[name] = (animation.image.parent / name).read_bytes()
    return files


@contextmanager
def laid_down(
    animation: Animation, files: Files, inputs: Path, clips: Path
) -> Generator[Animation]:
    """The same job with its files in these folders, under names that no other attempt has."""
    key = f"{animation.job}-{animation.attempt}"
    folder, clip, thumbnail = inputs / key, clips / f"{key}.mp4", clips / f"{key}.jpg"
    try:
        folder.mkdir(mode=0o700)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        image = folder / animation.request.image
        yield replace(animation, image=image, clip=clip, thumbnail=thumbnail)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for path in (clip, thumbnail):
            path.unlink(missing_ok=True)


def sent(done: Done, animation: Animation) -> Arrived:
    return Arrived(done.clip, animation.clip.read_bytes(), animation.thumbnail.read_bytes())


def placed(arrived: Arrived, animation: Animation, signer: Signer | None) -> Done | Failed:
    """The clip is here, signed where that is wanted, whole and durable or not at all."""
    files = Publication(animation.clip, animation.thumbnail)
    try:
        files.video.write_bytes(arrived.video)
        made = files.video if signer is None else _signed(files, signer)
        size = made.stat().st_size
        files.publish(made, arrived.thumbnail)
    except (OSError, BrokenClip) as error:
        return failed(encoding_failure(str(error)))
    except GenerationFailed as error:
        return failed(error)
    finally:
        files.discard()
    return Done(replace(arrived.clip, path=files.clip, size=size))


def _signed(files: Publication, signer: Signer) -> Path:
    """On this machine: the key goes to no other. Raises `EncodingFailed`, `BrokenClip`."""
    source = source_of(files.video)
    if source is None:
        raise BrokenClip("it carries no mark")
    sign(files.video, files.signed, signer, source=source, title=files.clip.name)
    return files.signed


def failed(error: GenerationFailed) -> Failed:
    return Failed(error.code, error.reason, error.facts)
