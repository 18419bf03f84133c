"""Joins clips in a process of its own, which alone reads them and the signer's key.

`python -m generation.media.joining.program` takes a `FilmOrder` as JSON on stdin, prints a `Clip`
or a `NotJoined` as JSON and exits with 0 or 1.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from generation.bound import command
from generation.errors import GenerationFailed, OutOfMemory
from generation.jobs import Clip
from generation.media.errors import DiskFull, EncodingFailed
from generation.media.joining.film import FilmScene, FilmStyle
from generation.media.joining.join import join
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
        told, said = await child.communicate(_ORDER.dump_json(order))
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    try:
        answer = _ANSWER.validate_json(told)
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


def main() -> None:
    logging.basicConfig(stream=sys.stderr)
    order = _ORDER.validate_json(sys.stdin.buffer.read())
    try:
        answer: Clip | NotJoined = join(
            order.scenes,
            order.target,
            order.style,
            order.recipe,
            thumbnail=order.thumbnail,
            signer=order.signer,
        )
    except (GenerationFailed, ValueError) as error:
        notes = getattr(error, "__notes__", [])
        answer = NotJoined(getattr(error, "code", ""), "; ".join((str(error), *notes)))
    sys.stdout.buffer.write(_ANSWER.dump_json(answer))
    sys.exit(isinstance(answer, NotJoined))


_ORDER = TypeAdapter(FilmOrder)
_ANSWER: TypeAdapter[Clip | NotJoined] = TypeAdapter(Clip | NotJoined)


if __name__ == "__main__":
    main()
