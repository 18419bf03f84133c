"""The servers far away that make clips too, as the settings name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from config.engine_sections import EngineSettings
from config.kinds import VideosServer

if TYPE_CHECKING:
    from generation.remote.engine import RemoteEngine


def servers_of(engine: EngineSettings) -> tuple[VideosServer, ...]:
    """`engine.url` where `engine.name` asks for it, then `engine.servers`."""
    if engine.name != "videos" or engine.url is None:
        return engine.servers
    model = None if engine.model == "auto" else engine.model
    return (VideosServer(url=engine.url, api_key=engine.api_key, model=model), *engine.servers)


def unused_server(engine: EngineSettings) -> str | None:
    """Why a server that the settings name is never asked."""
    if engine.url is None or engine.name == "videos":
        return None
    return f"engine.url names a server that nothing asks, since engine.name is {engine.name}."


def remote_engines(
    engine: EngineSettings, signing: Sequence[str], environment: Mapping[str, str]
) -> list[RemoteEngine]:
    """One for each server, not started yet; two models of one server have two names."""
    servers = servers_of(engine)
    if not servers:
        return []
    from generation.remote.engine import RemoteEngine, Server  # its library costs time and memory

    counts: Counter[str] = Counter()
    made = []
    for one in servers:
        key = None if one.api_key is None else one.api_key.get_secret_value()
        server = Server(one.url, key, one.model, one.capacity, signing, environment)
        counts[server.name] += 1
        number = counts[server.name]
        name = server.name if number == 1 else f"{server.name}#{number}"
        made.append(RemoteEngine(server, name=name))
    return made
