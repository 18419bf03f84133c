"""The cluster whose cards make clips too, as the settings name it."""

from __future__ import annotations

import importlib.util
import os
import secrets
from collections.abc import Mapping

from bot.runtime.extras import how_to_add
from config.settings import Settings
from generation.cluster.engine import ClusterEngine
from generation.cluster.spec import LOCAL, CardSpec, ClusterSpec
from generation.engine.environment import engine_environment
from generation.engine.protocol import Capabilities
from generation.errors import Misconfigured
from generation.events import PhaseName
from generation.media.provenance import Signer

NAME = "cluster"

NO_TOKEN = (
    "cluster.address names a cluster, so cluster.token has to be its token, which is "
    "RAY_AUTH_TOKEN of its machines."
)


def check_cluster(settings: Settings) -> None:
    """Raises `Misconfigured`; whoever reaches a cluster without a token runs code there."""
    cluster = settings.cluster
    if cluster.address is None:
        return
    if importlib.util.find_spec("ray") is None:
        raise Misconfigured(
            "cluster.address is set, but Ray is not installed; "
            f"install it with `{how_to_add('ray')}`."
        )
    if cluster.address != LOCAL and cluster.token is None:
        raise Misconfigured(NO_TOKEN)


def is_far(settings: Settings) -> bool:
    """Whether other machines may make clips, and not this one under another name."""
    return settings.cluster.address not in {None, LOCAL}


def cluster_spec(
    settings: Settings,
    known: Capabilities,
    program: tuple[str, ...],
    *,
    cards: int = 1,
    signer: Signer | None = None,
) -> ClusterSpec:
    """`program`: what follows Python on a card's machine; `cards`: of a local one."""
    deadlines = {phase: getattr(settings.engine.deadlines, phase) for phase in PhaseName}
    device = "cpu" if known.engine == "camera" else "cuda"
    card = CardSpec(program, known, deadlines, device)
    return ClusterSpec(NAME, settings.cluster.address or LOCAL, card, cards, signer)


def cluster_engine(spec: ClusterSpec, settings: Settings) -> ClusterEngine:
    """Not started yet."""
    token = settings.cluster.token
    told = secrets.token_hex(32) if token is None else token.get_secret_value()
    return ClusterEngine(spec, bridge_environment(os.environ, told))


def bridge_environment(environ: Mapping[str, str], token: str) -> dict[str, str]:
    """The token is said to Ray each time: else it would look for, or make, a file of its own."""
    tuned = {name: value for name, value in environ.items() if name.startswith("RAY_")}
    return {
        **tuned,
        **engine_environment(environ),
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": token,
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_worker_niceness": "0",  # or what a local cluster makes comes after all else here
        "RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL": "minor",
    }
