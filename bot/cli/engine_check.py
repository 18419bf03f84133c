"""What `photoplay doctor` finds out about the engines: each one of a running photoplay, or the
servers and the cluster that the settings name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.cli.cluster_check import cluster_findings
from bot.cli.finding import Finding
from bot.runtime.control_socket import NotRunning, ask
from bot.runtime.server_choice import remote_engines, unused_server
from config.settings import Settings
from generation.dispatch.engine_state import EngineStatus
from generation.engine.protocol import ServerAway, WorkerLost

if TYPE_CHECKING:
    from generation.remote.engine import RemoteEngine

AWAY = "Is it running, and can this machine reach it? engine.url ends in /v1."


def engine_findings(settings: Settings) -> list[Finding]:
    """One that is out is a fault only where no other serves."""
    try:
        answer = asyncio.run(ask(settings.data_dir / "control.sock", {"command": "engines"}))
    except NotRunning:
        return [*_unused(settings), *asyncio.run(_asked_each(settings))]
    engines: list[Mapping[str, Any]] = answer.get("engines", [])
    alone = all(one["status"] == EngineStatus.OUT for one in engines)
    return [*_unused(settings), *(_running(one, alone) for one in engines)]


def _unused(settings: Settings) -> list[Finding]:
    told = unused_server(settings.engine)
    cure = "Name it in engine.servers to have it serve too, or set engine.name to videos."
    return [] if told is None else [Finding("engine.url", False, False, told, cure)]


def _running(one: Mapping[str, Any], alone: bool) -> Finding:
    name = f"engine {one['name']}"
    made = f"{one['model']}, {one['clips_last_hour']} clips in the last hour"
    if one["status"] == EngineStatus.OUT:
        cure = "It is tried again by itself; `photoplay queue resume ENGINE` does so at once."
        return Finding(name, False, alone, f"{made}; it is left out: {one['reason']}", cure)
    if one["status"] == EngineStatus.DRAINING:
        cure = f"`photoplay queue resume {one['name']}` gives it work again."
        return Finding(name, False, False, f"{made}; it is drained.", cure)
    makes = f": {', '.join(one['jobs'])}" if one["jobs"] else ""
    return Finding(name, True, False, f"{made}; {one['status']}{makes}.")


async def _asked_each(settings: Settings) -> list[Finding]:
    return [*await _servers(settings), *await cluster_findings(settings)]


async def _servers(settings: Settings) -> list[Finding]:
    engines = remote_engines(settings.engine, (), {})
    found = await asyncio.gather(*(_asked(one) for one in engines))
    needed = settings.engine.name == "videos" and not any(one.ok for one in found)
    return [
        one if one.ok else Finding(one.name, False, needed, one.message, one.cure) for one in found
    ]


async def _asked(engine: RemoteEngine) -> Finding:
    name = f"engine {engine.name}"
    try:
        await engine.start()
    except WorkerLost as lost:
        cure = AWAY if isinstance(lost, ServerAway) else "Mend that setting, then ask again."
        return Finding(name, False, False, str(lost), cure)
    finally:
        await engine.close()
    known, places = engine.capabilities, engine.capacity
    at_once = "one clip" if places == 1 else f"{places} clips"
    return Finding(name, True, False, f"{engine.kind} with {known.model}, {at_once} at once.")
