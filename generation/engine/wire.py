"""What travels between the bot and an engine's process: one JSON line a message, data as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from generation.adapter import Adapter
from generation.engine.cards import CardState
from generation.engine.protocol import (
    Accepted,
    Animation,
    Capabilities,
    Crashed,
    Done,
    Heartbeat,
    OnCard,
    Phase,
    Preview,
    Report,
    Step,
)
from generation.events import Cancelled, Failed
from generation.jobs import AnimationRequest
from generation.notes import Note

if TYPE_CHECKING:
    import asyncio

MAX_LINE = 1 << 20
"""Bytes of the longest line: prompts are at most 2,000 characters, so this is never close."""

MAX_PREVIEW = 1 << 22
"""Bytes of the largest preview, which is a small JPEG."""


@dataclass(frozen=True, slots=True)
class Animate:
    animation: Animation


@dataclass(frozen=True, slots=True)
class Cancel:
    job: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Drain:
    """Give this card no more work, or work again."""

    card: str
    drained: bool


@dataclass(frozen=True, slots=True)
class Ready:
    capabilities: Capabilities
    capacity: int


@dataclass(frozen=True, slots=True)
class Loading:
    """Before `Ready`: what is loaded now, how many parts are done, and of how many."""

    name: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Cards:
    """Where it makes clips, and how each card stands."""

    cards: tuple[CardState, ...]


@dataclass(frozen=True, slots=True)
class LastWords:
    """Why the child is about to end, in a sentence for the operator; `device` is lost with it."""

    text: str
    device: bool = False


@dataclass(frozen=True, slots=True)
class JobReport:
    """A report about one attempt at one job."""

    job: str
    attempt: int
    report: Report | Crashed


Command = Animate | Cancel | Drain
Message = Ready | Loading | Cards | LastWords | JobReport

_COMMANDS: dict[str, Adapter[Any]] = {
    "animate": Adapter(Animate),
    "cancel": Adapter(Cancel),
    "drain": Adapter(Drain),
}
_OF_PROCESS: dict[str, Adapter[Any]] = {
    "ready": Adapter(Ready),
    "loading": Adapter(Loading),
    "cards": Adapter(Cards),
    "last_words": Adapter(LastWords),
}
_NAMES = {Ready: "ready", Loading: "loading", Cards: "cards", LastWords: "last_words"}
_REPORTS: dict[str, Adapter[Any]] = {
    "accepted": Adapter(Accepted),
    "oncard": Adapter(OnCard),
    "phase": Adapter(Phase),
    "step": Adapter(Step),
    "note": Adapter(Note),
    "heartbeat": Adapter(Heartbeat),
    "done": Adapter(Done),
    "failed": Adapter(Failed),
    "cancelled": Adapter(Cancelled),
    "crashed": Adapter(Crashed),
}


class Garbled(Exception):
    """A line that is not of this protocol: the other side is not what we think it is."""


def command_bytes(command: Command) -> bytes:
    kind = type(command).__name__.lower()
    body = json.loads(_COMMANDS[kind].dump_json(command))
    return _line({"type": kind, **body})


def parse_command(line: bytes) -> Command:
    """Raises `Garbled`."""
    try:
        body = json.loads(line)
        command: Command = _COMMANDS[body.pop("type")].validate_python(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Garbled(f"not a command: {error}") from None
    return command


def message_bytes(message: Message) -> bytes:
    if not isinstance(message, JobReport):
        name = _NAMES[type(message)]
        return _line({"type": name, **json.loads(_OF_PROCESS[name].dump_json(message))})
    head: dict[str, Any] = {"job": message.job, "attempt": message.attempt}
    if isinstance(message.report, Preview):
        jpeg = message.report.jpeg
        return _line({"type": "preview", **head, "bytes": len(jpeg)}) + jpeg
    kind = type(message.report).__name__.lower()
    body = json.loads(_REPORTS[kind].dump_json(message.report))
    return _line({"type": kind, **head, **body})


async def read_message(reader: asyncio.StreamReader) -> Message | None:
    """The next message; `None` at the end of the stream. Raises `Garbled`."""
    try:
        line = await reader.readline()
    except ValueError:  # asyncio's word for a line over the limit
        raise Garbled("a line over the limit") from None
    if not line:
        return None
    try:
        body = json.loads(line)
        kind = body.pop("type")
        if kind in _OF_PROCESS:
            message: Message = _OF_PROCESS[kind].validate_python(body)
            return message
        job, attempt = body.pop("job"), body.pop("attempt")
        if kind == "preview":
            if body["bytes"] > MAX_PREVIEW:
                raise ValueError("a preview over the limit")
            return JobReport(job, attempt, Preview(await reader.readexactly(body["bytes"])))
        report: Report | Crashed = _REPORTS[kind].validate_python(body)
    except EOFError:  # as asyncio says that the stream has ended within
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Garbled(f"not a message: {error}") from None
    return JobReport(job, attempt, report)


def write_message(stream: BinaryIO, message: Message) -> None:
    stream.write(message_bytes(message))
    stream.flush()


def example_command() -> str:
    """A line to start from when the child is driven by hand."""
    request = AnimationRequest("a slow pan to the right", "photo.png", 256, 160, 25, 24, seed=7)
    files = Path("photo.png"), Path("clip.mp4"), Path("clip.jpg")
    return command_bytes(Animate(Animation("by-hand", 1, request, *files))).decode().strip()


def _line(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
