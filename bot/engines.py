"""Which engine serves, and how its process is started."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from config.settings import Settings
from generation.engine.process import EngineProcess
from generation.engine.protocol import PhaseName
from generation.errors import Misconfigured
from generation.pipelines.camera.profile import CAPABILITIES

INHERITED = frozenset(
    {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "HF_HOME"}
)
"""What an engine's process may know of our environment: nothing that could be a secret."""

UNSERVED = {
    "ltx": "The LTX engine is not part of this version yet; set engine.name to auto or camera.",
    "videos": "Remote engines are not part of this version yet; set engine.name to auto or camera.",
}


HERE = str(Path(__file__).parents[1])
"""Children run the code that asked, not what an editable install happens to point at."""


def engine_environment(environ: Mapping[str, str]) -> dict[str, str]:
    known = {name: value for name, value in environ.items() if name in INHERITED}
    return {**known, "PYTHONPATH": HERE}


def check_served(settings: Settings) -> None:
    """Refuse settings that ask for parts which this version does not have.

    Raises `Misconfigured`: to start without them would promise what nobody keeps.
    """
    if settings.engine.name in UNSERVED:
        raise Misconfigured(UNSERVED[settings.engine.name])
    asked = {
        "discord.token": settings.discord.token is not None,
        "telegram.token": settings.telegram.token is not None,
        "cluster.address": settings.cluster.address is not None,
        "moderation.blocked_words": bool(settings.moderation.blocked_words),
        "moderation.blocked_patterns": bool(settings.moderation.blocked_patterns),
        "moderation.blocked": bool(settings.moderation.blocked),
    }
    for name, is_set in asked.items():
        if is_set:
            raise Misconfigured(
                f"{name} is set, but this version cannot serve it yet; remove it to start."
            )


def engine_of(settings: Settings) -> EngineProcess:
    """The engine that `engine.name` asks for; raises `Misconfigured`."""
    check_served(settings)
    deadlines = {phase: getattr(settings.engine.deadlines, phase) for phase in PhaseName}
    return EngineProcess(
        [sys.executable, "-P", "-m", "generation.engine.host", "camera"],
        capabilities=CAPABILITIES,
        deadlines=deadlines,
        environment=engine_environment(os.environ),
    )
