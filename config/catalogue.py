"""All settings as rows: what the loader knows, and what README and the examples are held to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.kinds import Allowed
from config.sections import Section
from config.settings import Settings

PREFIX = "PHOTOPLAY_"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """`default` is as JSON would have it; None where there is none or each system has its own.

    `allowed` completes "must be …"; `structured` values are written as JSON in a variable.
    """

    name: str
    variable: str
    default: object
    meaning: str
    allowed: str
    structured: bool
    secret: bool


def describe() -> list[SettingRow]:
    """Every setting, in the order in which the examples list them."""
    return list(_rows().values())


@cache
def _rows() -> dict[str, SettingRow]:
    defaults = Settings().model_dump(mode="json", exclude={"data_dir"})
    return {row.name: row for row in _walk(Settings, "", defaults)}


def _walk(model: type[BaseModel], prefix: str, defaults: dict[str, object]) -> Iterator[SettingRow]:
    for key, field in model.model_fields.items():
        name, default, kind = prefix + key, defaults.get(key), field.annotation
        if isinstance(kind, type) and issubclass(kind, Section) and isinstance(default, dict):
            yield from _walk(kind, f"{name}.", default)
        else:
            yield _row(name, field, default)


def _row(name: str, field: FieldInfo, default: object) -> SettingRow:
    notes = [*field.metadata, *_notes(field.annotation)]
    allowed = next(note for note in notes if isinstance(note, Allowed))
    return SettingRow(
        name=name,
        variable=PREFIX + name.upper().replace(".", "__"),
        default=default,
        meaning=field.description or "",
        allowed=allowed.text,
        structured=allowed.structured,
        secret=SecretStr in _parts(field.annotation),
    )


def _notes(annotation: object) -> Iterator[object]:
    """What is annotated on the members of `Annotated[…] | None`."""
    for member in get_args(annotation):
        yield from get_args(member)


def _parts(annotation: object) -> Iterator[object]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for field in annotation.model_fields.values():
            yield from _parts(field.annotation)


def row(name: str) -> SettingRow | None:
    return _rows().get(name)


def sections() -> frozenset[str]:
    return frozenset(name.partition(".")[0] for name in _rows() if "." in name)


def nearest(wrong: str, known: list[str]) -> str:
    """The known name most like `wrong`, however little: something has to be proposed."""
    return max(known, key=lambda name: SequenceMatcher(None, name, wrong).ratio())
