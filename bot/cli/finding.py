"""What `photoplay doctor` finds out about one thing that has to work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`needed`: without it photoplay does not work. `cure` is empty where all is well."""

    name: str
    ok: bool
    needed: bool
    message: str
    cure: str = ""


def not_tried(name: str) -> Finding:
    """One fault is told once, with one cure: what needs an ffmpeg stays unsaid without one."""
    return Finding(name, False, False, "Not tried: there is no ffmpeg that works.")
