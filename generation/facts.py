"""What fills a sentence: plain values, so that they survive a row, a pipe and every language."""

from __future__ import annotations

from collections.abc import Mapping

Fact = str | int | float | bool | None | tuple[str, ...]
Facts = Mapping[str, Fact]

PLAIN = "plain"
"""The reason or code of a sentence that is written down whole in the fact `text`."""
