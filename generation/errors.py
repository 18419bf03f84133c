"""Everything that can go wrong, by who can do something about it.

AnimationError
├── Rejected              the requester can act
│   ├── InvalidImage          not a picture we read, or outside the limits
│   ├── ImageTooLarge         more bytes than we accept
│   ├── InvalidPrompt         too long, or not text
│   ├── UnsupportedOption     a value out of range, or one this engine does not know
│   ├── QuotaExceeded         this requester has used what the limits allow for now
│   ├── QueueFull             nobody gets in for now (full, draining, or the disk is)
│   ├── RequestKeyReused      the same request key came with other content, or its job is deleted
│   ├── JobNotFound           no such job, or somebody else's
│   ├── Expired               what the request builds on is no longer kept, or not made yet
│   ├── NotAllowed            it belongs to somebody else, or is the operator's to do
│   ├── Unwelcome             the words are refused here
│   └── Blocked               this person, or the place they ask from, is refused for now
├── GenerationFailed      our fault: an apology with the job id for the person, a warning in the log
│   ├── EngineCrashed
│   ├── OutOfMemory
│   └── TimedOut
└── OperatorError         one whole sentence for who runs the program, exit 1
    └── Misconfigured         found at start

A class exists only where something treats it differently from its parent. An error says why by a
`reason`, one of its class, and `facts`, no library's text or secret; the catalogue has the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from generation.facts import PLAIN, Fact, Facts

FactNames = Mapping[str, tuple[str, ...]]


class AnimationError(Exception):
    """The root; `code` is the stable machine-readable word for this outcome, `reason` the finer.

    `facts_of` names the facts that come with a reason; one that is not there has none.
    """

    code = "error"
    facts_of: ClassVar[FactNames] = {}

    def __init__(self, reason: str, /, **facts: Fact) -> None:
        """Raises `TypeError` for facts that the reason's sentence does not go with."""
        super().__init__(reason, facts)
        if facts.keys() != set(self.facts_of.get(reason, ())):
            raise TypeError(f"{self.code} {reason} does not go with {tuple(facts)}")
        self.reason = reason
        self.facts: Facts = facts

    def __str__(self) -> str:
        told = "".join(f", {name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}: {self.reason}{told}"


class Rejected(AnimationError):
    code = "rejected"


Drawing = Literal["svg", "pdf", "eps", "psd", "editor_file", "office"]
OtherFile = Literal["video", "audio", "archive", "html", "text", "empty", "unknown_format"]
ClosedFormat = Literal["raw", "jxl", "jpeg_2000", "rare_format", "rare_tiff", "rare_heif"]
Broken = Literal["floating_tiff", "damaged", "too_complex", "too_slow", "unreadable", "invisible"]
Shape = Literal["too_many_pixels", "too_small", "too_narrow", "no_such_size"]
ImageReason = Drawing | OtherFile | ClosedFormat | Broken | Shape
"""What is wrong with a file that was taken for a picture."""

NotSent = Literal["not_a_data_url", "not_base64"]
NotThere = Literal["no_file", "no_folder", "not_a_clip", "no_recipe"]


class InvalidImage(Rejected):
    """`param` is the field that the picture came in, as the API has it."""

    code = "invalid_image"
    param = "input_reference"
    facts_of: ClassVar[FactNames] = {
        "too_many_pixels": ("megapixels", "most"),
        "too_small": ("width", "height", "least"),
        "too_narrow": ("width", "height", "most"),
        "no_such_size": ("width", "height"),
        "not_a_data_url": ("field",),
        "no_file": ("path",),
        "no_folder": ("path",),
        "not_a_clip": ("path",),
        "no_recipe": ("path",),
    }

    def __init__(self, reason: ImageReason | NotSent | NotThere, /, **facts: Fact) -> None:
        super().__init__(reason, **facts)


class ImageTooLarge(InvalidImage):
    code = "image_too_large"
    facts_of: ClassVar[FactNames] = {"bytes": ("megabytes", "most")}

    def __init__(self, reason: Literal["bytes"], /, **facts: Fact) -> None:
        AnimationError.__init__(self, reason, **facts)


class InvalidPrompt(Rejected):
    code = "invalid_prompt"
    facts_of: ClassVar[FactNames] = {"too_long": ("param", "length", "most")}

    def __init__(self, reason: Literal["too_long"], /, **facts: Fact) -> None:
        super().__init__(reason, **facts)


Range = Literal["out_of_range", "seconds_range", "frames_grid", "size_grid", "too_many"]
Written = Literal["size_format", "number", "whole_number", "yes_or_no", "choice", "text", "format"]
Body = Literal["media_type", "twice", "form", "form_cut_off", "json", "json_object", "unknown_name"]
Elsewhere = Literal["no_webhooks", "webhook_host", "foreign_video"]
OfAClip = Literal["cannot_extend", "cannot_upscale", "clip_too_long", "clip_too_large"]
Lacking = Literal["no_picture", "no_picture_among", "not_a_picture", "no_video", "no_video_among"]
NotHere = Literal["no_such_value", "not_in_engine", "no_such_model", "no_file_ids", "no_part"]
Together = Literal["both_lengths", "loop_and_end", "outside_clip", "same_moment"]
OfFilms = Literal["not_in_film", "of_a_film", "film_unfinished", "scene_count", "first_scene"]
Commands = Literal["no_new_clip", "admin_usage"]
OptionReason = (
    Range | Written | Body | Elsewhere | OfAClip | Lacking | NotHere | Together | OfFilms | Commands
)


class UnsupportedOption(Rejected):
    """`param` is the option's name, as the API has it."""

    code = "unsupported_option"
    facts_of: ClassVar[FactNames] = {
        "out_of_range": ("low", "high"),
        "seconds_range": ("fps", "low", "high"),
        "frames_grid": ("low", "high", "nearest"),
        "size_grid": ("step", "low", "high", "nearest"),
        "scene_count": ("low", "high", "count"),
        **dict.fromkeys(("no_picture_among", "not_a_picture", "no_video_among"), ("found",)),
        "no_part": ("part",),
        "admin_usage": ("platform",),
        "no_such_value": ("value", "known", "engine"),
        **dict.fromkeys(("choice", "no_such_model"), ("known",)),
        **dict.fromkeys(("not_in_engine", "cannot_extend", "cannot_upscale"), ("engine",)),
        **dict.fromkeys(("too_many", "outside_clip", "clip_too_long"), ("most",)),
        "clip_too_large": ("size",),
    }

    def __init__(self, reason: OptionReason, param: str, /, **facts: Fact) -> None:
        super().__init__(reason, **facts)
        self.param = param
        self.facts = {**facts, "param": param}


class QuotaExceeded(Rejected):
    """`retry_after`: seconds until the limit lets the next request in, where that is known."""

    code = "quota_exceeded"
    facts_of: ClassVar[FactNames] = {
        **dict.fromkeys(("active", "hour", "day", "moment"), ("used", "most", "retry_after")),
        **dict.fromkeys(
            ("several_hour", "several_day"), ("used", "most", "retry_after", "clips", "left")
        ),
    }

    def __init__(
        self,
        reason: Literal["active", "hour", "day", "moment", "several_hour", "several_day"],
        *,
        used: int = 0,
        most: int = 0,
        retry_after: float | None = None,
        **facts: Fact,
    ) -> None:
        super().__init__(reason, used=used, most=most, retry_after=retry_after, **facts)
        self.retry_after = retry_after


Closed = Literal["draining", "restarting"]
Disk = Literal["disk_low", "disk_full", "unwritable"]


class QueueFull(Rejected):
    code = "queue_full"
    facts_of: ClassVar[FactNames] = {"line": ("waiting",)}

    def __init__(
        self, reason: Literal["line", "no_decoder"] | Closed | Disk, /, **facts: Fact
    ) -> None:
        super().__init__(reason, **facts)


class RequestKeyReused(Rejected):
    code = "request_key_reused"

    def __init__(self, reason: Literal["other_content", "deleted"], /) -> None:
        super().__init__(reason)


class JobNotFound(Rejected):
    """`param` is where its id was given, as the API has it."""

    code = "job_not_found"

    def __init__(
        self,
        reason: Literal["unknown", "none_active", "address"],
        /,
        *,
        param: str = "video_id",
    ) -> None:
        super().__init__(reason)
        self.param = param


class Expired(Rejected):
    code = "expired"

    def __init__(
        self, reason: Literal["picture", "clip", "unfinished", "file", "forgotten"], /
    ) -> None:
        super().__init__(reason)


class NotAllowed(Rejected):
    code = "not_allowed"

    def __init__(self, reason: Literal["not_yours", "not_for_you", "operators_only"], /) -> None:
        super().__init__(reason)


class Unwelcome(Rejected):
    code = "unwelcome"
    param = "prompt"

    def __init__(self, reason: Literal["words", "unchecked"], /) -> None:
        super().__init__(reason)


class Blocked(Rejected):
    code = "blocked"
    facts_of: ClassVar[FactNames] = {
        "strikes": ("hours",),
        "until": ("hours",),
    }

    def __init__(self, reason: Literal["for_good", "strikes", "until"], /, **facts: Fact) -> None:
        super().__init__(reason, **facts)


Defect = Literal["unexpected", "engine_defect", "no_frames", "not_written", "cancelled"]
Lost = Literal["unreadable", "picture_gone", "previous_gone", "previous_size", "previous_length"]
Unmade = Literal["no_clip", "not_small_enough", "no_place", "cannot_double"]


class GenerationFailed(AnimationError):
    code = "generation_failed"
    facts_of: ClassVar[FactNames] = {"no_place": ("path",)}

    def __init__(self, reason: Defect | Lost | Unmade, /, **facts: Fact) -> None:
        super().__init__(reason, **facts)


class EngineCrashed(GenerationFailed):
    code = "engine_crashed"

    def __init__(self, reason: Literal["again_and_again", "once"], /) -> None:
        AnimationError.__init__(self, reason)


class OutOfMemory(GenerationFailed):
    code = "out_of_memory"
    facts_of: ClassVar[FactNames] = {"size": ("nearest",)}

    def __init__(self, reason: Literal["size", "length", "machine"], /, **facts: Fact) -> None:
        AnimationError.__init__(self, reason, **facts)


class TimedOut(GenerationFailed):
    code = "timed_out"

    def __init__(self, reason: Literal["too_slow"], /) -> None:
        AnimationError.__init__(self, reason)


class OperatorError(AnimationError):
    """`message` is a whole sentence for who runs the program: English, or said already."""

    code = "operator_error"
    facts_of: ClassVar[FactNames] = {PLAIN: ("text",)}

    def __init__(self, message: str) -> None:
        super().__init__(PLAIN, text=message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class Misconfigured(OperatorError):
    code = "misconfigured"
