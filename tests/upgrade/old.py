"""The data folder that version 0.1.0 left when it was killed; what it was asked and had said."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.discord.double import Discord
from tests.fakes.telegram.double import TOKEN, Telegram

KEPT = Path(__file__).parents[1] / "data" / "photoplay-0.1.0"
PICTURE = KEPT / "picture.png"
FOLDER = "/var/lib/photoplay"
"""Where its rows say that the clips lie: the folder was moved since."""

OPERATOR = 60

AGE = 600.0
"""Seconds since it was killed, whenever the tests run."""

TIMES = {
    "jobs": ("created_at", "started_at", "finished_at", "deleted_at"),
    "blocks": ("created_at", "until"),
    "strikes": ("created_at",),
    "audit": ("created_at",),
}


@dataclass(frozen=True)
class Old:
    """`web`, `discord` and `telegram`: what was asked there, by job; `said`: how it had ended."""

    web: dict[str, dict[str, Any]]
    discord: dict[str, dict[str, Any]]
    telegram: dict[str, dict[str, Any]]
    said: dict[str, dict[str, Any]]

    def job(self, platform: str, prompt: str) -> str:
        """The one with this prompt; on the web it stands among the fields."""
        [found] = [job for job, one in self._of(platform).items() if _prompt(one) == prompt]
        return found

    def _of(self, platform: str) -> dict[str, dict[str, Any]]:
        return {"web": self.web, "discord": self.discord, "telegram": self.telegram}[platform]


def _prompt(asked: dict[str, Any]) -> str:
    caption = str(asked.get("caption", "")).partition("seconds=0.4 ")[2]
    return str(asked.get("prompt") or asked.get("fields", {}).get("prompt") or caption)


def old() -> Old:
    return Old(**json.loads((KEPT / "asked.json").read_text()))


def copied(data: Path) -> Path:
    """The folder as it would be found some minutes after the kill; the database's path."""
    shutil.copytree(KEPT, data, copy_function=shutil.copyfile)
    database = data / "photoplay.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        [newest] = connection.execute("SELECT max(created_at) FROM jobs").fetchone()
        later = time.time() - AGE - newest
        for table, columns in TIMES.items():
            moved = ", ".join(f"{column} = {column} + :later" for column in columns)
            connection.execute(f"UPDATE {table} SET {moved}", {"later": later})
    return database


def settings_for(discord: Discord, telegram: Telegram) -> dict[str, str]:
    return {
        "PHOTOPLAY_DISCORD__TOKEN": "canary-canary-canary-canary-canary",
        "PHOTOPLAY_DISCORD__API_URL": f"{discord.url}/api/v10",
        "PHOTOPLAY_TELEGRAM__TOKEN": TOKEN,
        "PHOTOPLAY_TELEGRAM__API_URL": telegram.url,
        "PHOTOPLAY_TELEGRAM__ADMINS": f'["{OPERATOR}"]',
        "PHOTOPLAY_MODERATION__BLOCKED_WORDS": '["gore"]',
        "PHOTOPLAY_ENGINE__NAME": "camera",
    }
