"""Which engines the operator has drained, kept beside the database: a restart changes no wish."""

from __future__ import annotations

import json
import os
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


class Drained:
    """A list of names in `path`, which an operator may delete as well."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names = _read(path)

    @property
    def names(self) -> frozenset[str]:
        return self._names

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def add(self, name: str) -> None:
        self._write(self._names | {name})

    def remove(self, name: str) -> None:
        self._write(self._names - {name})

    def _write(self, names: frozenset[str]) -> None:
        """On the disk before it has its name; where there is no room it holds until the end."""
        if names == self._names:
            return
        self._names = names
        part = self._path.with_name(f".{self._path.name}.part")
        try:
            with part.open("w") as file:
                json.dump(sorted(names), file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError as error:
            log.error("drained_engines_not_kept", reason=str(error))


def _read(path: Path) -> frozenset[str]:
    """What cannot be read names nobody."""
    try:
        names = json.loads(path.read_text())
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError) as error:
        log.error("drained_engines_unreadable", reason=str(error))
        return frozenset()
    return frozenset(map(str, names)) if isinstance(names, list) else frozenset()
