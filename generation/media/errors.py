"""How encoding fails, so that a full disk is told from a broken encoder."""

from __future__ import annotations

import errno
import os
from typing import Literal

from generation.errors import AnimationError, GenerationFailed, OutOfMemory

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""No block left, no quota left, or past the size that a file may have here."""

EncodingReason = Literal["encoder", "no_ffmpeg", "named_ffmpeg", "signature", "ended"]


class EncodingFailed(GenerationFailed):
    """The encoder died, is missing, or made something else than was asked; `__notes__` say why."""

    code = "encoding_failed"

    def __init__(self, reason: EncodingReason, /) -> None:
        AnimationError.__init__(self, reason)


class EncoderKilled(EncodingFailed):
    """A signal ended the encoder, which says nothing about the frames: worth another try."""


class DiskFull(EncodingFailed):
    """There was no room for the clip: an operator's matter, and worth another try later."""

    code = "disk_full"

    def __init__(self, reason: Literal["clip"], /) -> None:
        AnimationError.__init__(self, reason)


def encoding_failure(detail: str) -> EncodingFailed | OutOfMemory:
    """The exception for `detail`, which goes to the log as a note and is no fact of it.

    A full disk or memory is known by the system's own words, as ffmpeg repeats them on its stderr.
    """
    return _failure(detail, EncodingFailed("encoder"))


def encoder_killed(detail: str) -> EncoderKilled:
    """The same for an encoder that was killed, be it for want of memory or by mistake."""
    failure = EncoderKilled("encoder")
    failure.add_note(detail)
    return failure


def signing_failure(detail: str) -> EncodingFailed | OutOfMemory:
    """The same for a clip that could not be signed, and is therefore not given away."""
    return _failure(detail, EncodingFailed("signature"))


def _failure(detail: str, otherwise: EncodingFailed) -> EncodingFailed | OutOfMemory:
    failure: EncodingFailed | OutOfMemory = otherwise
    if any(os.strerror(code) in detail for code in FULL):
        failure = DiskFull("clip")
    elif os.strerror(errno.ENOMEM) in detail:
        failure = OutOfMemory("machine")
    failure.add_note(detail)
    return failure
