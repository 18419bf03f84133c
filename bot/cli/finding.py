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
