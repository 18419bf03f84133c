"""How encoding fails, in words for a person, so that a full disk is told from a broken encoder."""

from __future__ import annotations

import errno
import os

from generation.errors import GenerationFailed

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""No block left, no quota left, or past the size that a file may have here."""


class EncodingFailed(GenerationFailed):
    """The encoder died, is missing, or made something else than was asked; `__notes__` say why."""

    code = "encoding_failed"


class DiskFull(EncodingFailed):
    """There was no room for the clip: an operator's matter, and worth another try later."""

    code = "disk_full"


def encoding_failure(detail: str) -> EncodingFailed:
    """The exception for `detail`, which goes to the log as a note and never into the message.

    A full disk is known by the system's own words, as ffmpeg repeats them on its stderr.
    """
    return _failure(detail, "The clip could not be encoded.")


def signing_failure(detail: str) -> EncodingFailed:
    """The same for a clip that could not be signed, and is therefore not given away."""
    return _failure(
        detail,
        "The clip was made, but the mark that says so could not be signed; please try again later.",
    )


def _failure(detail: str, sentence: str) -> EncodingFailed:
    failure: EncodingFailed
    if any(os.strerror(code) in detail for code in FULL):
        failure = DiskFull("The server's disk is full, so the clip could not be saved.")
    else:
        failure = EncodingFailed(sentence)
    failure.add_note(detail)
    return failure
