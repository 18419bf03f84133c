"""A storyboard as people write it down: a scene a line, beside pictures in the same order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from bot.submission.options import Options

SCENE = (
    "scene|shot|szene|sc[eè]ne|plan|escena|plano|toma|scena|cena|сцена|кадр"
    "|シーン|場面|カット|장면|씬|컷|场景|場景|镜头|鏡頭|分镜|分鏡"
)
"""What the parts of a film are called in the languages we speak."""

MARK = re.compile(
    rf"""
    [-–—•·*‣◦▪▸►→👉➡]\ufe0f?\s+             # how people begin the lines of a list
    | (?:\d\ufe0f?\u20e3|🔟)\s*
    | [#№]\s?\d{{1,2}}(?:\s?[.):：、-](?!\d)\s*|\s+|$)
    | [(\[【（]?\d{{1,2}}\s?[.):：、．）\]】](?!\d)\s*
    | \d{{1,2}}\s+[-–—]\s+
    | (?:{SCENE})\s?[#№]?\d{{1,2}}(?:\s?[.):：、．]\s*|\s+[-–—]\s+|$)
    """,
    re.VERBOSE | re.IGNORECASE,
)

UNIT = (
    "s|secs?|seconds?|sek|sekunden?|secondes?|segs?|segundos?|sec(?:ondi|ondo)"
    "|с|сек|секунд[аы]?|秒[間钟鐘]?|초|ث"
)

LENGTH = re.compile(
    rf"""
    (?: [(（\[] \s* (?P<within>\d{{1,3}}(?:[.,]\d{{1,2}})?) \s* (?:{UNIT})\.? \s* [)）\]]
      | [,，、;–—-] \s* (?P<behind>\d{{1,3}}(?:[.,]\d{{1,2}})?) \s* (?:{UNIT}) ) [.。]? $
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""`the sea rises (4 s)`, `the sea rises, 4 s`: how long one scene is."""

BAR = "|"
"""Where somebody can write but one line, it stands for the end of one."""

Picture = TypeVar("Picture")


def lines_of(text: str) -> list[str]:
    """The words of each scene; one of which only the number was written has none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = [part.strip() for part in lines[0].split(BAR)]
    return [line[found.end() :] if (found := MARK.match(line)) else line for line in lines]


def timed(options: Options) -> Options:
    """With the length that stands behind the words, if one does."""
    found = LENGTH.search(options.prompt.rstrip())
    if found is None:
        return options
    seconds = float((found["within"] or found["behind"]).replace(",", "."))
    words = options.prompt[: found.start()].rstrip()
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
