"""Everything that can go wrong, by who can do something about it.

AnimationError
├── Rejected              the requester can act; the message is for them
│   ├── InvalidImage          not a picture we read, or outside the limits
│   ├── ImageTooLarge         more bytes than we accept
│   ├── InvalidPrompt         too long, or not text
│   ├── UnsupportedOption     a value out of range, or one this engine does not know
│   ├── QuotaExceeded         this requester has used what the limits allow for now
│   ├── QueueFull             nobody gets in for now (full, draining, or the disk is)
│   ├── RequestKeyReused      the same request key came with other content
│   ├── JobNotFound           no such job, or somebody else's
│   ├── Expired               what the request builds on is no longer kept
│   ├── NotAllowed            it belongs to somebody else, or is the operator's to do
│   ├── Unwelcome             the words are refused here
│   └── Blocked               this person, or the place they ask from, is refused for now
├── GenerationFailed      our fault: an apology with the job id for the person, a warning in the log
│   ├── EngineCrashed
│   ├── OutOfMemory
│   └── TimedOut
└── Misconfigured         found at start: one sentence, exit 1

A class exists only where something treats it differently from its parent. Messages are whole
sentences which may be shown to a person: no library text, no path, no secret.
"""

from __future__ import annotations


class AnimationError(Exception):
    """The root; `code` is the stable machine-readable word for this outcome."""

    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Rejected(AnimationError):
    code = "rejected"


class InvalidImage(Rejected):
    code = "invalid_image"


class ImageTooLarge(InvalidImage):
    code = "image_too_large"


class InvalidPrompt(Rejected):
    code = "invalid_prompt"


class UnsupportedOption(Rejected):
    code = "unsupported_option"

    def __init__(self, message: str, param: str) -> None:
        super().__init__(message)
        self.param = param


class QuotaExceeded(Rejected):
    """`retry_after`: seconds until the limit lets the next request in, where that is known."""

    code = "quota_exceeded"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QueueFull(Rejected):
    code = "queue_full"


class RequestKeyReused(Rejected):
    code = "request_key_reused"


class JobNotFound(Rejected):
    code = "job_not_found"


class Expired(Rejected):
    code = "expired"


class NotAllowed(Rejected):
    code = "not_allowed"


class Unwelcome(Rejected):
    code = "unwelcome"


class Blocked(Rejected):
    code = "blocked"


class GenerationFailed(AnimationError):
    code = "generation_failed"


class EngineCrashed(GenerationFailed):
    code = "engine_crashed"


class OutOfMemory(GenerationFailed):
    code = "out_of_memory"


class TimedOut(GenerationFailed):
    code = "timed_out"


class Misconfigured(AnimationError):
    code = "misconfigured"
