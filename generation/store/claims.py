"""Who claims a job and which jobs that engine may have: one fair order for engines of all kinds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claimant:
    """An engine with a free place: `name` is this one's of several, `kind` what it is.

    `features` is what it can make, `others` what each other engine can: a job that none of them
    can make whole goes to any. `holding`: names of the others that still have the jobs which they
    began far away, and will find them again.
    """

    name: str
    kind: str
    features: frozenset[str] = frozenset()
    others: tuple[frozenset[str], ...] = ()
    holding: frozenset[str] = frozenset()

    def values(self) -> dict[str, str]:
        return {
            "name": self.name,
            "kind": self.kind,
            "features": as_json(self.features),
            "others": json.dumps([sorted(one) for one in self.others]),
            "holding": as_json(self.holding),
        }


@dataclass(frozen=True, slots=True)
class Lane:
    """Which engines a job waits for: `needs` is what not all of them have, `unable` who lacks it.

    `engine` is the kind that is expected to make it. Turns are counted by lane: what is made on an
    engine that cannot make this job takes nothing from those who wait for the others.
    """

    engine: str = ""
    needs: frozenset[str] = frozenset()
    unable: frozenset[str] = frozenset()


FOR_ALL = Lane()


def as_json(words: Iterable[str]) -> str:
    return json.dumps(sorted(words))
