"""The HTTP half of the Discord on loopback: it reads requests, and answers as Discord would."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.fakes.discord.double import (
    APPLICATION,
    BOT,
    DM,
    Discord,
    Fault,
    Heard,
    user,
)

VIEW, SEND, ATTACH, HISTORY = 1 << 10, 1 << 11, 1 << 15, 1 << 16
"""Permissions."""

CHANNEL_MESSAGES = re.compile(r"/channels/(?P<channel>\d+)/messages(/(?P<message>\d+))?")
CALLBACK = re.compile(r"/interactions/(?P<id>\d+)/(?P<token>[^/]+)/callback")
WEBHOOK = re.compile(r"/webhooks/\d+/(?P<token>[^/]+)(/messages/(?P<message>@original|\d+))?")
COMMANDS = re.compile(r"/applications/\d+/commands")


class Rest:
    def __init__(self, world: Discord) -> None:
        self._world = world

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/gateway":
            return await self._world.gateway.serve(request)
        if request.path.startswith("/cdn/"):
            self._world.fetched.append(request.path)
            await self._world.cdn.wait()
            content = self._world.uploads.get(request.path.split("/")[2])
            return web.Response(status=404) if content is None else web.Response(body=content)
        path = request.path.removeprefix("/api/v10")
        body, files = await _read(request)
        now = asyncio.get_running_loop().time()
        self._world.requests.append(Heard(request.method, path, body, files, now))
        for fault in self._world.faults:
            if fault.takes(request.method, path, files):
                fault.times -= 1
                return _failed(fault)
        return self._routed(request, path, body, files)

    def _routed(
        self, request: web.Request, path: str, body: Any, files: dict[str, bytes]
    ) -> web.Response:
        world, method = self._world, request.method
        if path == "/gateway/bot":
            limit = {"total": 1000, "remaining": 1000, "reset_after": 1, "max_concurrency": 1}
            url = world.url.replace("http", "ws") + "/gateway"
            return _json({"url": url, "shards": 1, "session_start_limit": limit})
        if path == "/users/@me":
            return _json(user(BOT, "photoplay", bot=True))
        if path == "/oauth2/applications/@me":
            return _json(_application())
        if path == "/users/@me/guilds":
            return _json(world.guilds)
        if path == "/users/@me/channels":
            recipient = user(str(body["recipient_id"]), "somebody")
            return _json({"id": DM, "type": 1, "recipients": [recipient], "last_message_id": None})
        if COMMANDS.fullmatch(path):
            return self._commands(method, body)
        if found := CALLBACK.fullmatch(path):
            return self._callback(found["token"], body, files)
        if found := WEBHOOK.fullmatch(path):
            return self._webhook(method, found["token"], found["message"], body, files)
        if found := CHANNEL_MESSAGES.fullmatch(path):
            return self._channel(method, found["channel"], found["message"], body, files)
        return _error(404, 0, f"{method} {path} is not known here")

    def _commands(self, method: str, body: Any) -> web.Response:
        if method == "PUT":
            filled = {"version": "1", "application_id": APPLICATION, "description": ""}
            self._world.commands = [
                filled | one | {"id": str(number)} for number, one in enumerate(body, start=1)
            ]
        return _json(self._world.commands)

    def _callback(self, token: str, body: Any, files: dict[str, bytes]) -> web.Response:
        interaction = self._world.interactions.get(token)
        if interaction is None or interaction.expired:
            return _error(404, 10062, "Unknown interaction")
        if interaction.callback is not None:
            return _error(400, 40060, "Interaction has already been acknowledged.")
        interaction.callback = body
        interaction.answered = asyncio.get_running_loop().time()
        resource: dict[str, Any] = {"type": body["type"]}
        if body["type"] in (4, 5):
            message = self._world.post(interaction.channel, body.get("data") or {}, files)
            message["interaction_metadata"] = {
                "id": interaction.id,
                "type": 2,
                "user": user(interaction.user, f"user{interaction.user}"),
                "authorizing_integration_owners": {},
            }
            interaction.original = message["id"]
            interaction.messages.append(message["id"])
            resource["message"] = message
        elif body["type"] in (6, 7):
            interaction.original = interaction.pressed
        answered = {"id": interaction.id, "type": 2, "response_message_id": interaction.original}
        return _json({"interaction": answered, "resource": resource})

    def _webhook(
        self, method: str, token: str, message: str | None, body: Any, files: dict[str, bytes]
    ) -> web.Response:
        interaction = self._world.interactions.get(token)
        if interaction is None or interaction.expired:
            return _error(401, 50027, "Invalid Webhook Token")
        if method == "POST":
            sent = self._world.post(interaction.channel, body, files)
            interaction.messages.append(sent["id"])
            return _json(sent)
        wanted = interaction.original if message == "@original" else message
        return self._message(method, wanted, body, files)

    def _channel(
        self, method: str, channel: str, message: str | None, body: Any, files: dict[str, bytes]
    ) -> web.Response:
        if method == "POST":
            if channel == DM and self._world.closed_dms:
                return _error(403, 50007, "Cannot send messages to this user")
            return self._refused(channel, body, files) or _json(
                self._world.post(channel, body, files)
            )
        return self._message(method, message, body, files)

    def _refused(self, channel: str, body: Any, files: dict[str, bytes]) -> web.Response | None:
        """As Discord refuses a message where the bot lacks a permission."""
        known = [one for one in self._world.channels if one["id"] == channel]
        denied = sum(int(rule["deny"]) for one in known for rule in one["permission_overwrites"])
        if denied & VIEW:
            return _error(403, 50001, "Missing Access")
        if denied & SEND or (files and denied & ATTACH):
            return _error(403, 50013, "Missing Permissions")
        if body.get("message_reference") and denied & HISTORY:
            return _error(400, 160002, "Cannot reply without permission to read message history")
        return None

    def _message(
        self, method: str, message: str | None, body: Any, files: dict[str, bytes]
    ) -> web.Response:
        found = self._world.messages.get(message or "")
        if found is None:
            return _error(404, 10008, "Unknown Message")
        if method == "DELETE":
            del self._world.messages[found["id"]]
            return web.Response(status=204)
        if method == "PATCH":
            self._world.change(found, body, files)
        return _json(found)


async def _read(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    if not request.can_read_body:
        return None, {}
    if not request.content_type.startswith("multipart/"):
        return await request.json(), {}
    body: Any = None
    files = {}
    form = await request.multipart()
    async for part in form:
        content = bytes(await part.read(decode=False))  # type: ignore[union-attr]
        if part.name == "payload_json":  # type: ignore[union-attr]
            body = json.loads(content)
        else:
            files[str(part.filename)] = content  # type: ignore[union-attr]
    return body, files


def _json(body: Any) -> web.Response:
    # discord.py parses an answer only if its type is exactly this, without a character set
    return web.Response(
        body=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )


def _error(status: int, code: int, message: str) -> web.Response:
    answer = _json({"code": code, "message": message})
    answer.set_status(status)
    return answer


def _failed(fault: Fault) -> web.Response:
    answer = _json(fault.body)
    answer.set_status(fault.status)
    answer.headers.update(fault.headers)
    return answer


def _application() -> dict[str, Any]:
    return {
        "id": APPLICATION,
        "name": "photoplay",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0",
        "flags": 0,
        "owner": user("1", "owner"),
        "team": None,
        "summary": "",
    }


@asynccontextmanager
async def discord_double(*, member: bool = True) -> AsyncGenerator[Discord]:
    """Served for as long as the test looks at it; `member`: the bot is in the server."""
    world = Discord(member=member)
    app = web.Application(client_max_size=2**28)
    app.router.add_route("*", "/{tail:.*}", Rest(world).answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    world.url = f"http://127.0.0.1:{port}"
    world.ready["resume_gateway_url"] = f"ws://127.0.0.1:{port}/gateway"
    try:
        yield world
    finally:
        await world.gateway.drop()
        await runner.cleanup()
