"""Has clips joined by a process of its own: here none is read, and no key of a signer."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from generation.adapter import Adapter
from generation.bound import command
from generation.errors import OutOfMemory
from generation.jobs import Clip
from generation.media.errors import DiskFull, EncodingFailed
from generation.media.joining.film import FilmScene, FilmStyle
from generation.media.provenance import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmOrder:
    """What `join` is to be called with."""

    scenes: tuple[FilmScene, ...]
    target: Path
    style: FilmStyle
    recipe: Mapping[str, Any]
    thumbnail: Path | None = None
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class NotJoined:
    """`code` is the failure's, `detail` is for the log."""

    code: str
    detail: str


async def join_in_child(order: FilmOrder, environment: Mapping[str, str]) -> Clip:
    """`join`, beside everything else; cancelled, it leaves no process and no film.

    Raises `EncodingFailed` and its kinds, `OutOfMemory`.
    """
    child = await asyncio.create_subprocess_exec(
        *command([sys.executable, "-P", "-m", "generation.media.joining.program"]),
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        told, said = await child.communicate(ORDER.dump_json(order))
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    try:
        answer = ANSWER.validate_json(told)
    except ValidationError:  # it was killed
        answer = NotJoined("", said.decode(errors="replace").strip()[-300:])
    match answer:
        case Clip():
            return answer
        case NotJoined():
            raise _failure(answer)


def _failure(answer: NotJoined) -> EncodingFailed | OutOfMemory:
    failure: EncodingFailed | OutOfMemory = EncodingFailed("encoder")
    if answer.code == DiskFull.code:
        failure = DiskFull("clip")
    elif answer.code == OutOfMemory.code:
        failure = OutOfMemory("machine")
    failure.add_note(answer.detail)
    return failure


ORDER: Adapter[FilmOrder] = Adapter(FilmOrder)
ANSWER: Adapter[Clip | NotJoined] = Adapter(Clip | NotJoined)
