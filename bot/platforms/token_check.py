"""What came of looking at a platform without connecting to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckedToken:
    """`cure` is empty where all is well."""

    ok: bool
    message: str
    cure: str = ""
