"""The one way in which settings fail: a sentence for the operator, never with a value in it."""

from __future__ import annotations


class ConfigError(Exception):
    """`message` names the setting, where it was set and what is allowed; it may be logged."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
