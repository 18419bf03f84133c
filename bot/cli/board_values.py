"""A value in a storyboard is of its option's kind, or refused in the words the API has for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from generation.errors import UnsupportedOption
from generation.images.geometry import parse_size


@dataclass(frozen=True, slots=True)
class BoardText:
    """Anything in quotation marks."""


@dataclass(frozen=True, slots=True)
class AnyNumber:
    """With or without a point."""


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """Without one."""


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class SizeText:
    """`704x480` or `auto`."""


@dataclass(frozen=True, slots=True)
class OneOf:
    choices: type[StrEnum]


Kind = BoardText | AnyNumber | WholeNumber | YesOrNo | SizeText | OneOf


def checked(option: str, value: object, kind: Kind) -> Any:
    """The value as `Options` has it; raises `UnsupportedOption`, which names the `option`."""
    match kind:
        case BoardText():
            if isinstance(value, str):
                return value
            raise UnsupportedOption("text", option)
        case AnyNumber():
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
            raise UnsupportedOption("number", option)
        case WholeNumber():
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            raise UnsupportedOption("whole_number", option)
        case YesOrNo():
            if isinstance(value, bool):
                return value
            raise UnsupportedOption("yes_or_no", option)
        case SizeText():
            parse_size(value if isinstance(value, str) else "")
            return value
        case OneOf(choices):
            if isinstance(value, str) and value in tuple(choices):
                return choices(value)
            raise UnsupportedOption("choice", option, known=tuple(choices))
