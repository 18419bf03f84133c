"""What the operating system says of a failure, for a sentence to a person."""

from __future__ import annotations

import os


def system_words(error: OSError) -> str:
    """The system's own words, as the middle of a sentence: never a number or a constant's name."""
    words = os.strerror(error.errno) if error.errno else str(error)
    return words[:1].lower() + words[1:]
