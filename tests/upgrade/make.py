"""Makes `tests/data/photoplay-0.1.0/`: the data folder of that version, in the middle of its work.

    git worktree add ../photoplay-0.1.0 9dbbc03
    python -m tests.upgrade.make ../photoplay-0.1.0 tests/data/photoplay-0.1.0

The old program serves all three fronts, is driven from outside by the doubles of the chats, and is
killed. What was asked of it and what it said is kept beside its database, in `asked.json`.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from tests.fakes.discord.double import Discord
from tests.fakes.discord.rest import discord_double
from tests.fakes.program.process import Program
from tests.fakes.telegram.double import PRIVATE, Telegram, telegram_double
from tests.upgrade.old import FOLDER, OPERATOR, settings_for


def _picture() -> bytes:
    """A slope of colour: a few hundred bytes as PNG, a few thousand as a clip."""
    image = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


PICTURE = _picture()

CLAIM = """
import asyncio, sys
from pathlib import Path
from generation.store.database import Database
from generation.store.job_queue import JobQueue, Mode

async def main():
    database = await Database.open(Path(sys.argv[1]))
    queue = JobQueue(database)
    await queue.set_mode(Mode.OPEN)
    for _ in range(3):
        await queue.claim("camera")
    await database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    await database.close()

asyncio.run(main())
"""
"""Three engines of the old version at work when the power goes."""


@dataclass
class Asked:
    """What was asked, by job where there is one; a retry repeats it word for word."""

    web: dict[str, dict[str, Any]] = field(default_factory=dict)
    discord: dict[str, dict[str, Any]] = field(default_factory=dict)
    telegram: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)


class Maker:
    def __init__(self, data: Path, program: Program, discord: Discord, telegram: Telegram) -> None:
        self._data = data
        self._program = program
        self._discord = discord
        self._telegram = telegram
        self.asked = Asked()

    async def make(self) -> None:
        await self._discord.until(lambda: self._discord.gateway.identified)
        await self._finished()
        await self._unwelcome()
        await self._cancelled_and_failed()
        await self._undelivered()
        await self._waiting()
        await asyncio.to_thread(self._program.kill)

    async def _finished(self) -> None:
        first = await self._web("waves", "web-first")
        await self._until(first, "status = 'succeeded'")
        await self._remix(first, "slower waves", "web-remix")
        told = await self._on_discord("zoom in on the boat", "51")
        heard = await self._on_telegram("zoom out", 61)
        await self._until(told, "delivery = 'delivered'")
        await self._until(heard, "delivery = 'delivered'")

    async def _unwelcome(self) -> None:
        gone = await self._on_telegram("my secret garden", 62)
        await self._until(gone, "delivery = 'delivered'")
        await self._telegram.say(chat=62, user=62, text="/forget")
        await self._until(gone, "deleted_at IS NOT NULL")
        for _ in range(2):
            picture = [self._telegram.picture(PICTURE)]
            await self._telegram.say(chat=63, user=63, photo=picture, caption="/animate gore")
        block = "/admin block telegram:64 3650d"
        await self._telegram.say(chat=OPERATOR, user=OPERATOR, text=block)
        await self._until_so("SELECT 2 = (SELECT count(*) FROM strikes)")
        await self._until_so("SELECT 1 = (SELECT count(*) FROM blocks)")

    async def _cancelled_and_failed(self) -> None:
        self._steer("pause")
        ended = await self._web("taken back", "web-cancelled")
        async with httpx.AsyncClient(base_url=self._program.url) as http:
            await http.post(f"/v1/videos/{ended}/cancel")
        pressed = await self._on_discord("taken back", "52")
        message = await self._shown(pressed)
        await self._discord.press(message, f"v1|cancel|{pressed}", user="52")
        written = await self._on_telegram("taken back", 65)
        await self._telegram.say(chat=65, user=65, text="/cancel")
        for job in (ended, pressed, written):
            await self._until(job, "status = 'cancelled'")
        broken = [
            await self._web("a broken picture", "web-failed"),
            await self._on_discord("a broken picture", "53"),
            await self._on_telegram("a broken picture", 66),
        ]
        self._break(broken)
        self._steer("resume")
        for job in broken:
            await self._until(job, "status = 'failed' AND delivery IN ('none', 'delivered')")

    async def _undelivered(self) -> None:
        self._steer("pause")
        made = [await self._on_discord("made", "54"), await self._on_telegram("made", 67)]
        broken = [await self._on_discord("unmade", "54"), await self._on_telegram("unmade", 67)]
        self._break(broken)
        interactions = [self.asked.discord[job]["interaction"] for job in (made[0], broken[0])]
        for told in self._discord.interactions.values():
            if told.id in interactions:
                self._discord.fail("*", f"/{told.token}/", 500, times=10**6)
        for method in ("sendVideo", "editMessageMedia", "editMessageText"):
            self._telegram.fail(method, 500, "Internal Server Error", times=10**6)
        self._steer("resume")
        for job in (*made, *broken):
            await self._until(job, "finished_at > 0 AND delivery = 'pending'")

    async def _waiting(self) -> None:
        """The first of each front is the one that its engine is at when the power goes."""
        self._steer("pause")
        [first] = [job for job, asked in self.asked.web.items() if asked["key"] == "web-first"]
        for which in ("running", "waiting"):
            await self._web(f"a {which} river", f"web-{which}")
            await self._on_discord(f"a {which} river", "55")
            await self._on_telegram(f"a {which} river", PRIVATE)
        await self._remix(first, "a waiting remix", "web-remix-waiting")

    async def _web(self, prompt: str, key: str) -> str:
        fields = {"prompt": prompt, "size": "96x64", "num_frames": "9"}
        return self._answered("/v1/videos", key, fields, {"input_reference": ("p.png", PICTURE)})

    async def _remix(self, job: str, prompt: str, key: str) -> str:
        return self._answered(f"/v1/videos/{job}/remix", key, {"prompt": prompt}, None)

    def _answered(self, path: str, key: str, fields: dict[str, str], files: Any) -> str:
        body: dict[str, Any] = {"data": fields, "files": files} if files else {"json": fields}
        headers = {"Idempotency-Key": key}
        answer = httpx.post(self._program.url + path, headers=headers, timeout=60, **body)
        assert answer.status_code == 200, answer.text
        job = str(answer.json()["id"])
        self.asked.web[job] = {"path": path, "key": key, "fields": fields, "picture": bool(files)}
        return job

    async def _on_discord(self, prompt: str, user: str) -> str:
        told = await self._discord.animate(PICTURE, user=user, prompt=prompt, seconds=0.4)
        job = await self._job("discord", told.id)
        self.asked.discord[job] = {"interaction": told.id, "user": user, "prompt": prompt}
        await self._shown(job)
        return job

    async def _on_telegram(self, prompt: str, chat: int) -> str:
        caption = f"/animate seconds=0.4 {prompt}"
        picture = [self._telegram.picture(PICTURE)]
        said = await self._telegram.say(chat=chat, user=chat, photo=picture, caption=caption)
        job = await self._job("telegram", f"{chat}:{said['message_id']}")
        number = said["message_id"]
        self.asked.telegram[job] = {"message": number, "chat": chat, "caption": caption}
        await self._until(job, "message IS NOT NULL")
        return job

    async def _shown(self, job: str) -> dict[str, Any]:
        await self._until(job, "message IS NOT NULL")
        return next(one for one in self._discord.shown() if job in json.dumps(one["components"]))

    async def _job(self, platform: str, key: str) -> str:
        where = f"FROM jobs WHERE platform = '{platform}' AND request_key = '{key}'"
        await self._until_so(f"SELECT count(*) {where}")
        return str(self._value(f"SELECT id {where}"))

    async def _until(self, job: str, condition: str) -> None:
        await self._until_so(f"SELECT count(*) FROM jobs WHERE id = '{job}' AND {condition}")

    async def _until_so(self, question: str) -> None:
        await _until(lambda: bool(self._value(question)), question)

    def _value(self, question: str) -> Any:
        with closing(sqlite3.connect(self._data / "photoplay.db")) as database:
            return database.execute(question).fetchone()[0]

    def _break(self, jobs: list[str]) -> None:
        for job in jobs:
            name = self._value(f"SELECT request ->> '$.image' FROM jobs WHERE id = '{job}'")
            (self._data / "inputs" / name).write_bytes(b"no picture any more")

    def _steer(self, command: str) -> None:
        photoplay = (sys.executable, "-m", "bot", "queue", command, "--data-dir", str(self._data))
        subprocess.run(photoplay, check=True, stdout=subprocess.DEVNULL)


async def _until(condition: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(60):
            while not condition():  # noqa: ASYNC110 (a row of another process is waited for)
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"it never came to pass: {what}") from None


def _said(database: Path) -> dict[str, dict[str, Any]]:
    """What the old version had to say of everything that had ended, as it wrote it down."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT id, status, notes, error_code, error_message FROM jobs "
            "WHERE deleted_at IS NULL AND finished_at IS NOT NULL"
        ).fetchall()
    names = ("status", "notes", "code", "message")
    said = {job: dict(zip(names, row, strict=True)) for job, *row in rows}
    return {job: one | {"notes": json.loads(one["notes"])} for job, one in said.items()}


async def made(data: Path) -> Asked:
    async with discord_double() as discord, telegram_double() as telegram:
        program = Program(data, settings=settings_for(discord, telegram))
        await asyncio.to_thread(program.start)
        try:
            maker = Maker(data, program, discord, telegram)
            await maker.make()
        except BaseException:
            sys.stderr.write(program.log)
            await asyncio.to_thread(program.kill)
            raise
    return maker.asked


def keep(data: Path, asked: Asked, target: Path) -> None:
    """Only what another version opens; clips are found below a folder that all of us could have."""
    target.mkdir(parents=True)
    with closing(sqlite3.connect(data / "photoplay.db", isolation_level=None)) as database:
        database.execute("UPDATE jobs SET clip = replace(clip, ?, ?)", (str(data), FOLDER))
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("VACUUM")
    for name in ("photoplay.db", "secret"):
        shutil.copyfile(data / name, target / name)
    for name in ("inputs", "clips"):
        shutil.copytree(data / name, target / name)
    (target / "picture.png").write_bytes(PICTURE)
    (target / "asked.json").write_text(json.dumps(asdict(asked), indent=1) + "\n")


def main() -> None:
    old, target = (Path(argument).resolve() for argument in sys.argv[1:])
    os.environ["PYTHONPATH"] = str(old)
    os.chdir(old)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        asked = asyncio.run(made(data))
        subprocess.run((sys.executable, "-c", CLAIM, str(data / "photoplay.db")), check=True)
        asked.said = _said(data / "photoplay.db")
        keep(data, asked, target)


if __name__ == "__main__":
    main()
