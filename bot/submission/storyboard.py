"""A storyboard as people write it down: a scene a line, beside pictures in the same order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from bot.submission.options import Options

NUMBER = re.compile(r"(?:[-–—•·*]\s+|\(?\d{1,2}\s?[.):、．）](?!\d)\s*)")
"""How people begin the lines of a list."""

LENGTH = re.compile(
    r"\s*[(（\[]\s*(?P<seconds>\d{1,3}(?:[.,]\d{1,2})?)\s*(?:s|secs?|seconds|с|сек|秒|초)\.?\s*[)）\]]$",
    re.IGNORECASE,
)
"""`the sea rises (4 s)`: how long one scene is."""

BAR = "|"
"""Where somebody can write but one line, it stands for the end of one."""

Picture = TypeVar("Picture")


def lines_of(text: str) -> list[str]:
    """The words of each scene; one of which only the number was written has none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = [part.strip() for part in lines[0].split(BAR)]
    return [NUMBER.sub("", line, count=1) if NUMBER.match(line) else line for line in lines]


def timed(options: Options) -> Options:
    """With the length that stands behind the words, if one does."""
    found = LENGTH.search(options.prompt)
    if found is None:
        return options
    seconds = float(found["seconds"].replace(",", "."))
    words = options.prompt[: found.start()]
    return replace(options, prompt=words, seconds=seconds, num_frames=None)


def laid_out(
    lines: Sequence[Options], pictures: Sequence[Picture | None], rest: Options
) -> list[tuple[Options, Picture | None]]:
    """Every line with the picture at its place, as far as there are any.

    One line is for all pictures; a picture without a line is a scene as `rest` says.
    """
    if len(lines) == 1 and len(pictures) > 1:
        lines = [lines[0]] * len(pictures)
    count = max(len(lines), len(pictures))
    words = [*lines, *[rest] * (count - len(lines))]
    shown = [*pictures, *[None] * (count - len(pictures))]
    return list(zip(words, shown, strict=True))
