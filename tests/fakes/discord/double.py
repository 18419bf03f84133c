"""A Discord on loopback: real HTTP and WebSocket, uploads, a CDN, and whatever error one wants."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.gateway import Gateway

EPOCH = 1420070400000
APPLICATION, BOT, GUILD, CHANNEL = "900", "900", "800", "700"
DM, ROLE = "600", "850"
MENTION = re.compile(r"(?<!\\)<@(\d+)>")
EVERYTHING = str((1 << 46) - 1)


@dataclass(frozen=True)
class Heard:
    """One request as it came: `body` is its JSON, `files` what was uploaded beside it."""

    method: str
    path: str
    body: Any
    files: dict[str, bytes]
    at: float


@dataclass
class Fault:
    """Answers so many requests of one kind with an error: 413 only what carries a file."""

    method: str
    path: re.Pattern[str]
    status: int
    body: dict[str, Any]
    times: int
    headers: dict[str, str]

    def takes(self, method: str, path: str, files: dict[str, bytes]) -> bool:
        if not self.times or (self.status == 413 and not files):
            return False
        return self.method in ("*", method) and self.path.search(path) is not None


@dataclass
class Interaction:
    """What came of one interaction: the callback's type and data, and its messages.

    `pressed` is the message whose button it was.
    """

    id: str
    token: str
    channel: str
    callback: dict[str, Any] | None = None
    user: str = ""
    original: str | None = None
    pressed: str | None = None
    expired: bool = False
    at: float = 0.0
    answered: float | None = None
    messages: list[str] = field(default_factory=list)


class Discord:
    """Its state is public: a test looks at what stands in the channels."""

    def __init__(self, *, member: bool = True) -> None:
        self.url = ""
        self.requests: list[Heard] = []
        self.faults: list[Fault] = []
        self.messages: dict[str, dict[str, Any]] = {}
        self.uploads: dict[str, bytes] = {}
        self.commands: list[dict[str, Any]] = []
        self.interactions: dict[str, Interaction] = {}
        self.closed_dms = False
        self.cdn = asyncio.Event()
        """Cleared, pictures are not handed out: a slow network."""
        self.cdn.set()
        self.fetched: list[str] = []
        """The files that somebody began to fetch."""
        self.guilds: list[dict[str, Any]] = []
        """What the list of the bot's servers says, with its permissions there."""
        self.channels: list[dict[str, Any]] = []
        """Those beside the first, with who may do what there."""
        self._count = 0
        self._nonces: dict[str, str] = {}
        first = [("GUILD_CREATE", guild())] if member else []
        guilds = [{"id": GUILD, "unavailable": True}] if member else []
        self.ready = {"guilds": guilds} | ready()
        self.gateway = Gateway(self.ready, first)

    def snowflake(self, *, age: float = 0.0) -> str:
        self._count += 1
        return str((int((time.time() - age) * 1000) - EPOCH << 22) + self._count)

    def fail(
        self, method: str, path: str, status: int, code: int = 0, *, times: int = 1, **more: Any
    ) -> None:
        """`more` goes into the body; a `retry_after` also into the header."""
        headers = {"Retry-After": str(more["retry_after"])} if "retry_after" in more else {}
        headers |= {"Via": "1.1 google"} if status == 429 else {}
        body = {"code": code, "message": "as the test says"} | more
        self.faults.append(Fault(method, re.compile(path), status, body, times, headers))

    def heard(self, method: str, path: str) -> list[Heard]:
        found = re.compile(path)
        return [one for one in self.requests if one.method == method and found.search(one.path)]

    def shown(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """The messages of a channel, oldest first."""
        return [one for one in self.messages.values() if one["channel_id"] == channel]

    async def until(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 (what is waited for has no event of its own)
                await asyncio.sleep(0.002)

    async def interact(
        self,
        kind: int,
        data: dict[str, Any],
        *,
        user: str = "55",
        age: float = 0.0,
        place: str = CHANNEL,
        permissions: str = EVERYTHING,
        **more: Any,
    ) -> Interaction:
        """Somebody does something in a channel; `more` replaces parts of the payload."""
        interaction = Interaction(self.snowflake(age=age), f"token-{self._count}", place)
        interaction.user = user
        self.interactions[interaction.token] = interaction
        payload = interaction_payload(interaction, kind, data, user) | more
        payload["member"]["permissions"] = permissions
        interaction.pressed = more.get("message", {}).get("id")
        interaction.at = asyncio.get_running_loop().time()
        await self.gateway.tell("INTERACTION_CREATE", payload)
        return interaction

    async def animate(
        self,
        picture: bytes,
        *,
        user: str = "55",
        prompt: str = "the sea moves",
        seconds: float = 1.0,
        file: dict[str, Any] | None = None,
        end: dict[str, Any] | None = None,
        **more: Any,
    ) -> Interaction:
        """`/animate` with this picture, or with files as Discord describes them."""
        file = file or self.attach(picture, "photo.png")
        options = [
            {"name": "image", "type": 11, "value": file["id"]},
            {"name": "prompt", "type": 3, "value": prompt},
            {"name": "seconds", "type": 10, "value": seconds},
        ]
        files = {file["id"]: file}
        if end is not None:
            options.append({"name": "end_image", "type": 11, "value": end["id"]})
            files[end["id"]] = end
        data = {
            "id": "1",
            "name": "animate",
            "type": 1,
            "options": options,
            "resolved": {"attachments": files},
        }
        return await self.interact(2, data, user=user, **more)

    async def press(
        self, message: dict[str, Any], custom_id: str, *, user: str = "55", **more: Any
    ) -> Interaction:
        data = {"custom_id": custom_id, "component_type": 2}
        return await self.interact(3, data, user=user, message=message, **more)

    def attach(self, content: bytes, name: str) -> dict[str, Any]:
        """A file as Discord keeps it, to be fetched from its CDN."""
        file = self.snowflake()
        self.uploads[file] = content
        kind = "video/mp4" if name.endswith(".mp4") else f"image/{name.rpartition('.')[2]}"
        url = f"{self.url}/cdn/{file}/{name}"
        return {
            "id": file,
            "filename": name,
            "size": len(content),
            "url": url,
            "proxy_url": url,
            "content_type": kind,
        }

    def post(self, channel: str, body: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
        nonce = body.get("nonce")
        if nonce is not None and str(nonce) in self._nonces:
            return self.messages[self._nonces[str(nonce)]]
        message: dict[str, Any] = {
            "id": self.snowflake(),
            "channel_id": channel,
            "author": user(BOT, "photoplay", bot=True),
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "type": 0,
        }
        message |= dict.fromkeys(("tts", "mention_everyone", "pinned"), False)
        message |= {"mentions": [], "mention_roles": [], "embeds": [], "attachments": []}
        self.messages[message["id"]] = message
        if nonce is not None:
            self._nonces[str(nonce)] = message["id"]
        return self.change(message, {"content": "", "components": [], "flags": 0} | body, files)

    def change(
        self, message: dict[str, Any], body: dict[str, Any], files: dict[str, bytes]
    ) -> dict[str, Any]:
        if "attachments" in body or files:
            message["attachments"] = [self.attach(data, name) for name, data in files.items()]
        known = ("content", "components", "flags", "message_reference", "nonce")
        message |= {name: body[name] for name in known if name in body}
        message["mentions"] = [
            user(found[1], f"user{found[1]}") for found in MENTION.finditer(message["content"])
        ]
        return message


def user(user_id: str, name: str, *, bot: bool = False) -> dict[str, Any]:
    named = {"username": name, "discriminator": "0", "global_name": None, "avatar": None}
    return {"id": user_id, "bot": bot, **named}


def ready() -> dict[str, Any]:
    return {
        "v": 10,
        "user": user(BOT, "photoplay", bot=True),
        "session_id": "session",
        "application": {"id": APPLICATION, "flags": 0},
        "resume_gateway_url": "",
        "shard": [0, 1],
    }


def channel() -> dict[str, Any]:
    named = {"name": "pictures", "topic": None, "last_message_id": None, "rate_limit_per_user": 0}
    return {"id": CHANNEL, "type": 0, "position": 0, "nsfw": False, "parent_id": None} | named


def guild() -> dict[str, Any]:
    plain = str(int(EVERYTHING) & ~(1 << 3))  # an administrator may everything everywhere
    everyone = {"id": GUILD, "name": "@everyone", "permissions": plain, "position": 0}
    everyone |= {"color": 0, "hoist": False, "managed": False, "mentionable": False}
    bot = {"user": user(BOT, "photoplay", bot=True), "roles": [], "deaf": False, "mute": False}
    bot |= {"joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}
    lists = ("emojis", "stickers", "features", "voice_states", "threads", "presences")
    own = everyone | {"id": ROLE, "name": "photoplay", "managed": True, "tags": {"bot_id": BOT}}
    return {
        "id": GUILD,
        "name": "Friends",
        "owner_id": "1",
        "roles": [everyone, own],
        "channels": [channel() | {"permission_overwrites": []}],
        "members": [bot],
        "member_count": 2,
        "premium_tier": 0,
        **{name: [] for name in lists},
        **dict.fromkeys(("afk_timeout", "mfa_level", "nsfw_level", "verification_level"), 0),
        **dict.fromkeys(("explicit_content_filter", "default_message_notifications"), 0),
        "preferred_locale": "en-US",
        "system_channel_flags": 0,
    }


def interaction_payload(
    interaction: Interaction, kind: int, data: dict[str, Any], who: str
) -> dict[str, Any]:
    member = {"user": user(who, f"user{who}"), "roles": [], "permissions": EVERYTHING, "flags": 0}
    member |= {"joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
    return {
        "id": interaction.id,
        "application_id": APPLICATION,
        "type": kind,
        "data": data,
        "guild_id": GUILD,
        "guild": {"id": GUILD, "locale": "en-US", "features": []},
        "channel_id": interaction.channel,
        "channel": channel()
        | {"id": interaction.channel, "permissions": EVERYTHING, "guild_id": GUILD},
        "member": member,
        "token": interaction.token,
        "version": 1,
        "app_permissions": EVERYTHING,
        "locale": "en-US",
        "guild_locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": GUILD},
        "context": 0,
        "attachment_size_limit": 10485760,
    }
