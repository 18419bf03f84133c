"""How a value is written as JSON and read again: made for the first one, for a start needs few."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


class Adapter(Generic[T]):
    """pydantic's, without its ten milliseconds for each kind that a process never meets."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind

    @cached_property
    def _made(self) -> TypeAdapter[T]:
        return TypeAdapter(self._kind)

    def dump_json(self, value: T) -> bytes:
        return self._made.dump_json(value)

    def validate_json(self, text: str | bytes) -> T:
        """Raises `ValueError`."""
        return self._made.validate_json(text)

    def validate_python(self, value: object) -> T:
        """Raises `ValueError`."""
        return self._made.validate_python(value)
