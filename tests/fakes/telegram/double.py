"""A Telegram on loopback: the emulator's strictness, and a memory of what stands in the chats."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from lo_bot_api_emulator import ApiRefusal, LoBotApiEmulator

from tests.fakes.telegram.fields import decoded, member
from tests.fakes.telegram.profile import Profile
from tests.fakes.telegram.standing import edited

BOT, USERNAME = 7, "photoplaybot"
TOKEN = "123456:canary-canary-canary-canary-canar"
PRIVATE, GROUP = 55, -900


@dataclass
class Fault:
    method: str
    status: int
    description: str
    parameters: dict[str, Any] | None
    times: int

    def meets(self, method: str) -> bool:
        """`*` are all methods but the one by which we hear."""
        return self.method == method or (self.method == "*" and method != "getUpdates")


@dataclass
class Call:
    """One request as it came: `fields` decoded, `files` what was uploaded beside them."""

    method: str
    fields: dict[str, Any]
    files: dict[str, bytes]


@dataclass
class Chat:
    """What stands in it, by number; `closed` takes nothing more of the bot.

    `old` are messages that a bot may not delete any more.
    """

    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    staff: set[int] = field(default_factory=set)
    closed: bool = False
    old: set[int] = field(default_factory=set)


class Telegram(LoBotApiEmulator):  # type: ignore[misc]
    """Adds what the emulator lacks: a username, edits of what is there, threads, given errors."""

    def __init__(self) -> None:
        super().__init__(allow_insecure_loopback_webhooks=True)
        self.url = ""
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.chats: dict[int, Chat] = {}
        self.profile = Profile()
        self.next_id = 1000
        self.garbled: list[bytes] = []
        self.webhook_trouble: str | None = None
        self.held: dict[str, asyncio.Event] = {}
        self.lost: Counter[str] = Counter()
        self.unheard: dict[str, asyncio.Event] = {}
        self.forums: set[int] = set()
        self._update = 0

    def fail(
        self,
        method: str,
        status: int,
        description: str,
        *,
        times: int = 1,
        parameters: dict[str, Any] | None = None,
    ) -> None:
        self.faults.append(Fault(method, status, description, parameters, times))

    def lose(self, method: str, *, times: int = 1, chat: int | None = None) -> None:
        """It does what it is asked, and nobody hears so."""
        self.lost[method if chat is None else f"{method} {chat}"] += times

    def hold(self, method: str) -> asyncio.Event:
        """Leave these calls without an answer until the event is set."""
        return self.held.setdefault(method, asyncio.Event())

    def keep_silent(self, method: str) -> None:
        """It does what it is asked, and says so only when the event is set."""
        self.unheard[method] = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`garbled` are the next answers to the question for updates, as they are."""
        method = request.match_info["method"]
        if method in self.held:
            self.calls.append(Call(f"held {method}", {}, {}))
            await self.held[method].wait()
            if request.transport is None or request.transport.is_closing():
                return web.Response()  # whoever asked is no longer there
        if method == "getUpdates" and self.garbled:
            return web.Response(body=self.garbled.pop(0), content_type="application/json")
        if method == "getWebhookInfo" and self.webhook_trouble is not None:
            info = {"url": "https://example.org", "last_error_date": int(time.time())}
            info |= {"last_error_message": self.webhook_trouble}
            return web.json_response({"ok": True, "result": info})
        answer: web.StreamResponse = await super().handle(request)
        if (event := self.unheard.get(method)) is not None:
            self.calls.append(Call(f"unheard {method}", {}, {}))
            await event.wait()
        chat = self.called(method)[-1].fields.get("chat_id") if self.called(method) else None
        for lost in (method, f"{method} {chat}"):
            if self.lost[lost] and request.transport is not None:
                self.lost[lost] -= 1
                request.transport.abort()
        return answer

    def chat(self, number: int = PRIVATE) -> Chat:
        return self.chats.setdefault(number, Chat())

    def shown(self, number: int = PRIVATE) -> list[dict[str, Any]]:
        """The messages of a chat, oldest first."""
        return list(self.chat(number).messages.values())

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 (what is waited for has no event of its own)
                await asyncio.sleep(0.002)

    async def happen(self, kind: str, data: dict[str, Any], *, number: int | None = None) -> None:
        """An update of any kind; the emulator's own method knows only three."""
        self._update, number = (self._update + 1,) * 2 if number is None else (self._update, number)
        state = self._update_queues._state(TOKEN)
        async with state.condition:
            state.updates.append({"update_id": number, kind: data})
            state.condition.notify_all()
        await self.deliver_updates(token=TOKEN)

    def picture(self, content: bytes, name: str = "photo") -> dict[str, Any]:
        """A file as Telegram keeps it."""
        reference = f"{name}-{len(self.assets)}"
        self.assets[reference] = {"filename": name, "data": content, "size": len(content)}
        described = {"file_id": reference, "file_unique_id": reference, "file_size": len(content)}
        return described | {"width": 640, "height": 480}

    def _kept(self, kind: str, content: bytes) -> str:
        return str(self.picture(content, kind)["file_id"])

    def message(
        self, *, chat: int = PRIVATE, user: int = PRIVATE, language: str = "en", **more: Any
    ) -> dict[str, Any]:
        """As somebody sends it; `more` is what it holds."""
        number, self.next_id = self.next_id, self.next_id + 1
        kind = "private" if chat > 0 else "supergroup"
        author = {"id": user, "is_bot": False, "first_name": f"user{user}"}
        return {
            "message_id": number,
            "date": 1_800_000_000,
            "chat": {"id": chat, "type": kind, "is_forum": chat in self.forums},
            "from": author | {"language_code": language},
        } | more

    async def say(self, **more: Any) -> dict[str, Any]:
        message = self.message(**more)
        await self.happen("message", message)
        return message

    async def press(self, message: dict[str, Any], data: str, *, user: int = PRIVATE) -> str:
        """The number of the press, which has to be answered."""
        self._update += 1
        author = {"id": user, "is_bot": False, "first_name": f"user{user}", "language_code": "en"}
        query = {"id": str(self._update), "from": author, "chat_instance": "1", "data": data}
        await self.happen("callback_query", query | {"message": message})
        return str(query["id"])

    def answer_to(self, press: str) -> str | None:
        """What whoever pressed is shown; fails where the press was not acknowledged."""
        [call] = [c for c in self.called("answerCallbackQuery") if _is(c, press)]
        text = call.fields.get("text")
        return None if text is None else str(text)

    def answered(self, press: str) -> bool:
        return any(_is(call, press) for call in self.called("answerCallbackQuery"))

    def validate(self, method: str, fields: dict[str, Any], uploads: dict[str, Any]) -> Any:
        call = Call(method, decoded(fields), {n: u["data"] for n, u in uploads.items()})
        self.calls.append(call)
        for fault in self.faults:
            if (fault.times and method == fault.method) or (
                fault.method == "*" and method != "getUpdates"
            ):
                fault.times -= 1
                raise ApiRefusal(fault.description, fault.status, fault.parameters)
        number = call.fields.get("chat_id")
        if number is not None and self.chat(number).closed:
            raise ApiRefusal("Forbidden: bot was blocked by the user", 403)
        return self._answered(method, call, fields, uploads)

    def _answered(
        self, method: str, call: Call, fields: dict[str, Any], uploads: dict[str, Any]
    ) -> Any:
        if method == "getChatMember":
            chat, user = self.chat(call.fields["chat_id"]), call.fields["user_id"]
            return member(user, staff=user in chat.staff)
        if (profile := self.profile.answer(method, call.fields)) is not None:
            return profile
        if method == "deleteMessages":
            return self._deleted(call)
        thread = fields.pop("message_thread_id", None)
        for name in ("link_preview_options", "disable_notification", "has_spoiler", "entities"):
            fields.pop(name, None)
        if "force_reply" in str(fields.get("reply_markup", "")):
            fields.pop("reply_markup")
        if method.startswith("editMessage") or method == "deleteMessage":
            return self._changed(method, call, fields, uploads)
        result = super().validate(method, fields, uploads)
        if method == "getMe":
            return result | {"username": USERNAME}
        if method in ("sendMessage", "sendVideo"):
            kind = "private" if call.fields["chat_id"] > 0 else "supergroup"
            result["chat"] = {"id": call.fields["chat_id"], "type": kind}
            result |= {"from": {"id": BOT, "is_bot": True, "first_name": "photoplay"}}
            keep = dict(result)
            markup = call.fields.get("reply_markup") or {}
            keep |= {"reply_markup": markup} if "inline_keyboard" in markup else {}
            keep |= {"thread": thread, "answers": call.fields.get("reply_parameters")}
            keep |= {"silent": call.fields.get("disable_notification") == "true"}
            keep |= {"spoiler": call.fields.get("has_spoiler") == "true"}
            self.chat(call.fields["chat_id"]).messages[result["message_id"]] = keep
        return result

    def _deleted(self, call: Call) -> bool:
        """Those that are not there are passed over; one that must stay refuses all of them."""
        numbers = json.loads(call.fields["message_ids"])
        assert 1 <= len(numbers) <= 100
        chat = self.chat(call.fields["chat_id"])
        if chat.old & set(numbers):
            raise ApiRefusal("Bad Request: message can't be deleted for everyone")
        for number in numbers:
            chat.messages.pop(number, None)
        return True

    def _changed(
        self, method: str, call: Call, fields: dict[str, Any], uploads: dict[str, Any]
    ) -> Any:
        messages = self.chat(call.fields["chat_id"]).messages
        known = messages.get(call.fields["message_id"])
        if known is None:
            verb = "delete" if method == "deleteMessage" else "edit"
            raise ApiRefusal(f"Bad Request: message to {verb} not found")
        if method == "deleteMessage":
            if call.fields["message_id"] in self.chat(call.fields["chat_id"]).old:
                raise ApiRefusal("Bad Request: message can't be deleted")
            del messages[call.fields["message_id"]]
            return super().validate(method, fields, uploads)
        standing = edited(known, method, call.fields, call.files, self._kept)
        return {key: value for key, value in standing.items() if key not in OURS}


OURS = ("thread", "answers", "silent", "spoiler")
"""What the double knows of a message besides what Telegram says of it."""


def _is(call: Call, press: str) -> bool:
    return str(call.fields["callback_query_id"]) == press


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@asynccontextmanager
async def telegram_double() -> AsyncGenerator[Telegram]:
    """Served for as long as the test looks at it."""
    world = Telegram()
    runner = web.AppRunner(world.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield world
    finally:
        await runner.cleanup()
