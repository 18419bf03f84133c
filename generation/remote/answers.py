"""What a server answers, read with care: a video as it stands, its progress, why it failed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from generation.events import Cancelled, Failed, PhaseName
from generation.remote.errors import BrokenAnswer


class FarStatus(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    COMPLETED = "completed"
    ENDED = "ended"


WAITING = frozenset({"queued", "pending", "created", "submitted", ""})
COMPLETED = frozenset({"completed", "succeeded", "success", "done"})
ENDED = frozenset({"failed", "error", "cancelled", "canceled", "expired", "deleted", "rejected"})

REASONS = {
    "engine_crashed": "again_and_again",
    "out_of_memory": "machine",
    "timed_out": "too_slow",
    "encoding_failed": "encoder",
}
"""Codes that we have ourselves, with the reason whose sentence is the most general."""

LONGEST_ID = 1_000
LONGEST_CODE = 64

OURS_TO_KEEP = frozenset({"disk_full", "cancelled"})
"""Of the far machine, and no word about the request: it is made again."""


@dataclass(frozen=True, slots=True)
class FarVideo:
    """`percent` from 0 to 100; `code` and `message` of a failure, the message for the log."""

    id: str
    standing: FarStatus
    percent: int = 0
    code: str = ""
    message: str = ""

    @property
    def ending(self) -> Failed | Cancelled:
        """How it ended without a clip, in our words; its code is kept where it has one."""
        if self.code in OURS_TO_KEEP:
            return Cancelled()
        told = len(self.code) <= LONGEST_CODE and self.code.isidentifier()
        code = self.code if told else "generation_failed"
        return Failed(code, REASONS.get(code, "general"))


@dataclass(frozen=True, slots=True)
class FarStep:
    phase: PhaseName | None
    step: int
    steps: int
    preview: str = ""


def video_of(answer: Mapping[str, Any], asked: str | None = None) -> FarVideo:
    """`asked`: which one it was looked for, by the id that it got when it was made.

    LiteLLM names it otherwise afterwards. Raises `BrokenAnswer` for what is no video.
    """
    far_id = asked or answer.get("id")
    if not isinstance(far_id, str) or not 0 < len(far_id) <= LONGEST_ID or far_id in {".", ".."}:
        raise BrokenAnswer("The server's answer names no video.")
    if asked is not None and "status" not in answer:
        raise BrokenAnswer("The server's answer says nothing of the video.")
    status = str(answer.get("status") or "").lower()
    error = answer.get("error")
    failure = error if isinstance(error, dict) else {"message": error or ""}
    code = str(failure.get("code") or "")
    if status in {"cancelled", "canceled", "deleted"}:
        code = "cancelled"
    return FarVideo(
        far_id,
        _standing(status),
        _percent(answer.get("progress")),
        code,
        str(failure.get("message") or "")[:300],
    )


def _percent(value: object) -> int:
    if not isinstance(value, int | float):
        return 0
    within = min(max(value, 0), 100)
    return int(within) if math.isfinite(within) else 0


def _standing(status: str) -> FarStatus:
    if status in WAITING:
        return FarStatus.WAITING
    if status in COMPLETED:
        return FarStatus.COMPLETED
    return FarStatus.ENDED if status in ENDED else FarStatus.WORKING


def step_of(data: str) -> FarStep:
    """Of a `progress` event; what is no number counts for nothing."""
    facts = object_of(data)
    phase = str(facts.get("phase") or "")
    return FarStep(
        PhaseName(phase) if phase in set(PhaseName) else None,
        _count(facts.get("step")),
        _count(facts.get("steps")),
        str(facts.get("preview") or ""),
    )


def object_of(text: str | bytes) -> dict[str, Any]:
    """A JSON object, or an empty one for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def refusal_of(body: bytes) -> tuple[str, str]:
    """Code and message of an error, of OpenAI's shape or FastAPI's."""
    answer = object_of(body)
    error = answer.get("error", answer)
    facts = error if isinstance(error, dict) else {"message": error}
    message = facts.get("message") or facts.get("detail") or ""
    return str(facts.get("code") or ""), str(message)[:300]


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
