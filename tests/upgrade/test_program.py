"""The program on a data folder of version 0.1.0: nobody's request, answer or button is lost."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.discord.double import CHANNEL, Discord
from tests.fakes.discord.rest import discord_double
from tests.fakes.program.process import Program
from tests.fakes.telegram.double import BOT, PRIVATE, Telegram, telegram_double
from tests.upgrade.old import PICTURE, Old, copied, old, settings_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

BROKEN = "The picture is gone; please send it again."
OWN_CHOICE = "Camera: a gentle zoom in with a slight drift, of the engine's own choice."


@dataclass
class World:
    """Three fronts with everything in them that stood there when the old version was killed."""

    program: Program
    discord: Discord
    telegram: Telegram
    old: Old
    database: Path

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(question).fetchall()

    def messages(self) -> None:
        """What stands in the chats, as their own memory has it."""
        for job, platform, message in self.rows("SELECT id, platform, message FROM jobs"):
            if message is None:
                continue
            if platform == "discord":
                body = {"content": "as it was", "components": _buttons(job)}
                post = self.discord.post(CHANNEL, body, {})
                del self.discord.messages[post["id"]]
                self.discord.messages[message] = post | {"id": message}
            else:
                chat = self.old.telegram[job]["chat"]
                self.telegram.chat(chat).messages[int(message)] = self._message(chat, int(message))

    def _message(self, chat: int, number: int) -> dict[str, Any]:
        sender = {"id": BOT, "is_bot": True, "first_name": "photoplay"}
        made = self.telegram.message(chat=chat, text="as it was")
        return made | {"message_id": number, "from": sender}

    def films(self, chat: int) -> int:
        return sum("video" in one for one in self.telegram.shown(chat))

    def clips(self) -> list[str]:
        """What stands above each clip in the channel."""
        return [json.dumps(one) for one in self.discord.shown() if one["attachments"]]

    def said(self, words: str) -> int:
        """How often the two chats were told something with these words in it."""
        told = [str(call.fields) for call in self.telegram.calls if call.method == "sendMessage"]
        told += [str(one.body) for one in self.discord.requests]
        return sum(words in one for one in told)

    def heard(self, words: str) -> bool:
        """Whether either chat was sent these words, as text or on a button."""
        told = [str(call.fields) for call in self.telegram.calls]
        return any(words in one for one in (*told, *(str(r.body) for r in self.discord.requests)))

    async def press(self, job: str, verb: str) -> None:
        """As whoever asked for it does, in its own message."""
        [(platform, user, message)] = self.rows(
            f"SELECT platform, user, message FROM jobs WHERE id = '{job}'"
        )
        data = f"v1|{verb}|{job}"
        if platform == "discord":
            shown = self.discord.messages[message]
            if verb == "erase":  # asked in a message that only they see, about that one
                data += f"|{message}"
                shown = {**shown, "components": _row([verb], [data])}
            await self.discord.press(shown, data, user=user)
        else:
            chat = self.telegram.chat(int(user))
            await self.telegram.press(chat.messages[int(message)], data, user=int(user))

    async def until(self, question: str, answer: Any) -> None:
        await self.until_so(lambda: self.rows(question) == [(answer,)])

    async def until_so(self, condition: Callable[[], bool]) -> None:
        await self.discord.until(condition, seconds=60)


def _buttons(job: str) -> list[dict[str, Any]]:
    verbs = ("cancel", "reroll", "recipe", "delete")
    return _row(verbs, [f"v1|{verb}|{job}" for verb in verbs])


def _row(labels: Sequence[str], ids: Sequence[str]) -> list[dict[str, Any]]:
    row = [
        {"type": 2, "style": 2, "label": label, "custom_id": custom_id}
        for label, custom_id in zip(labels, ids, strict=True)
    ]
    return [{"type": 1, "components": row}]


@asynccontextmanager
async def upgraded(folder: Path, *, paused: bool = False) -> AsyncGenerator[World]:
    data = folder / "data"
    database = copied(data)
    if paused:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("UPDATE queue_state SET mode = 'paused'")
    async with discord_double() as discord, telegram_double() as telegram:
        program = Program(data, settings=settings_for(discord, telegram))
        world = World(program, discord, telegram, old(), database)
        world.messages()
        await asyncio.to_thread(program.start)
        try:
            await discord.until(lambda: discord.gateway.identified, seconds=30)
            yield world
        finally:
            assert await asyncio.to_thread(program.stop) == 0
        assert "Traceback" not in program.log, program.log


async def test_what_was_asked_is_made_and_handed_over_with_the_old_words_under_it(
    tmp_path: Path,
) -> None:
    async with upgraded(tmp_path) as world:
        await world.until("SELECT count(*) FROM jobs WHERE status IN ('queued', 'running')", 0)
        await world.until("SELECT count(*) FROM jobs WHERE delivery = 'pending'", 0)
        assert world.rows("SELECT count(*) FROM jobs WHERE delivery = 'undeliverable'") == [(0,)]
        assert len(world.clips()) == 3
        assert any(OWN_CHOICE in says for says in world.clips())
        assert (world.films(67), world.films(PRIVATE)) == (1, 2)
        assert OWN_CHOICE in json.dumps(world.telegram.shown(67))
        assert BROKEN in json.dumps(world.telegram.shown(67))
        assert BROKEN in json.dumps(world.discord.shown())
        async with httpx.AsyncClient(base_url=world.program.url) as http:
            for job in world.old.web:
                video = (await http.get(f"/v1/videos/{job}")).json()
                if said := world.old.said.get(job):
                    assert video["notes"] == said["notes"]
                    assert (video["error"] or {}).get("message") in (
                        said["message"],
                        "This video was cancelled.",
                    )
                else:
                    assert video["status"] == "completed"
                    content = await http.get(f"/v1/videos/{job}/content")
                    assert content.content[4:8] == b"ftyp"


async def test_whoever_repeats_an_old_request_gets_its_first_answer(tmp_path: Path) -> None:
    picture = PICTURE.read_bytes()
    async with upgraded(tmp_path, paused=True) as world:
        async with httpx.AsyncClient(base_url=world.program.url, timeout=60) as http:
            for job, asked in world.old.web.items():
                assert (await _repeated(http, asked, picture)).json()["id"] == job
                asked["fields"]["prompt"] += ", and more"
                assert (await _repeated(http, asked, picture)).status_code == 409
        for asked in world.old.discord.values():
            await _animated(world, picture, asked)
        for asked in world.old.telegram.values():
            if asked["chat"] == 62:  # has had everything forgotten: nothing is known to repeat
                continue
            await _said(world, picture, asked)
        await _animated(world, picture, {"user": "56", "prompt": "new"})
        await _said(world, picture, {"chat": 68, "caption": "/animate new"})
        newest = "SELECT count(*) FROM jobs WHERE request ->> '$.prompt' = 'new'"
        await world.until(newest, 2)
        [(total,)] = world.rows("SELECT count(*) FROM jobs")
        assert total == 22 + 2


async def test_old_buttons_do_what_they_say(tmp_path: Path) -> None:
    async with upgraded(tmp_path) as world:
        await world.until("SELECT count(*) FROM jobs WHERE status IN ('queued', 'running')", 0)
        for platform, prompt in (("discord", "zoom in on the boat"), ("telegram", "zoom out")):
            made = world.old.job(platform, prompt)
            await world.press(made, "reroll")
            again = f"platform = '{platform}' AND request ->> '$.prompt' = '{prompt}'"
            await world.until(
                f"SELECT count(*) FROM jobs WHERE {again} AND status = 'succeeded'", 2
            )
            said = world.said(prompt)
            await world.press(made, "recipe")
            await world.until_so(lambda says=prompt, before=said: world.said(says) > before)  # type: ignore[misc]
            await world.press(made, "delete")
            await world.until_so(lambda erase=f"v1|erase|{made}": world.heard(erase))  # type: ignore[misc]
            await world.press(made, "erase")
            await world.until(f"SELECT deleted_at > 0 FROM jobs WHERE id = '{made}'", 1)
            clip = world.program.data_dir / "clips" / f"{made}.mp4"
            await world.until_so(lambda file=clip: not file.exists())  # type: ignore[misc]


async def test_an_old_cancel_button_ends_what_waits(tmp_path: Path) -> None:
    async with upgraded(tmp_path, paused=True) as world:
        for platform in ("discord", "telegram"):
            for which in ("running", "waiting"):
                job = world.old.job(platform, f"a {which} river")
                await world.press(job, "cancel")
                await world.until(f"SELECT status FROM jobs WHERE id = '{job}'", "cancelled")


async def _repeated(
    http: httpx.AsyncClient, asked: dict[str, Any], picture: bytes
) -> httpx.Response:
    headers = {"Idempotency-Key": asked["key"]}
    if not asked["picture"]:
        return await http.post(asked["path"], headers=headers, json=asked["fields"])
    files = {"input_reference": ("p.png", picture)}
    return await http.post(asked["path"], headers=headers, data=asked["fields"], files=files)


async def _animated(world: World, picture: bytes, asked: dict[str, Any]) -> None:
    more = {"id": asked["interaction"]} if "interaction" in asked else {}
    user, prompt = asked["user"], asked["prompt"]
    await world.discord.animate(picture, user=user, prompt=prompt, seconds=0.4, **more)


async def _said(world: World, picture: bytes, asked: dict[str, Any]) -> None:
    more = {"message_id": asked["message"]} if "message" in asked else {}
    chat, photo = asked["chat"], [world.telegram.picture(picture)]
    caption = asked["caption"]
    await world.telegram.say(chat=chat, user=chat, photo=photo, caption=caption, **more)
