"""Discord in front of the queue: built from plain parts, serving until it is cancelled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

import aiohttp
import discord
import structlog

from bot.desk import Desk
from bot.intake import Intake
from bot.platforms.discord.admin import Admin
from bot.platforms.discord.animate import animate
from bot.platforms.discord.answers import Answers
from bot.platforms.discord.asking import Asking
from bot.platforms.discord.client import Client
from bot.platforms.discord.commands import Commands
from bot.platforms.discord.forms import Forms
from bot.platforms.discord.letters import Letters
from bot.platforms.discord.menus import Menus
from bot.platforms.discord.people import PLATFORM, People
from bot.platforms.discord.post import Post
from bot.platforms.discord.presses import Presses
from bot.platforms.discord.translation import Translation
from bot.platforms.discord.transport import DiscordTransport, Smaller
from bot.platforms.discord.voice import voice
from bot.texts import Texts
from generation.errors import Misconfigured
from generation.store.delivery import Deliveries

log = structlog.get_logger(__name__)

UPKEEP = 60.0
"""Seconds between two looks at the presence and at tokens that have had their time."""

LOGIN = 20.0
"""Seconds that a start waits for Discord."""

RETRY, RETRY_MAX = 5.0, 300.0
"""Seconds before Discord is tried again where it cannot be reached at all."""

BAD_TOKEN = "Discord does not take discord.token; copy it again from the developer portal."


class DiscordFront:
    """`waiting` counts the jobs in line; `clock` gives epoch seconds."""

    def __init__(
        self,
        token: str,
        api_url: str,
        admins: Collection[int],
        desk: Desk,
        intake: Intake,
        deliveries: Deliveries,
        texts: Texts,
        *,
        follow: Callable[[str], None],
        smaller: Smaller,
        waiting: Callable[[], Awaitable[int]],
        folder: Path,
        shards: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._token = token
        self._api_url = api_url
        self._deliveries = deliveries
        self._texts = texts
        self._waiting = waiting
        self._shown: int | None = None
        answers, people = Answers(texts), People(admins)
        forms, speech = Forms(answers), voice()
        self.client = Client(answers, forms, folder / "discord-commands", shards=shards)
        post, letters = Post(self.client), Letters(desk, texts, speech)
        self.transport = DiscordTransport(post, letters, deliveries, smaller, clock=clock)
        asking = Asking(
            *(desk, intake, deliveries, follow, answers, people, letters, post, self.transport),
            clock=clock,
        )
        self.client.presses = Presses(desk, asking, answers, forms, people, speech, smaller)
        english = texts.of(None)
        self.client.register(
            [
                animate(asking, answers, english),
                *Commands(desk, answers, people, speech).all(english),
                *Menus(asking, answers, forms).all(english),
                Admin(desk, answers, people).group(english),
            ],
            Translation(texts),
        )

    async def log_in(self) -> None:
        """Show Discord the token; raises `Misconfigured` for one that it does not take.

        Discord out of reach is no reason not to start: `run` tries again.
        """
        discord.http.Route.BASE = self._api_url.rstrip("/")
        try:
            async with asyncio.timeout(LOGIN):
                await self.client.login(self._token)
        except discord.LoginFailure:
            await self.client.close()
            raise Misconfigured(BAD_TOKEN) from None
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("discord_out_of_reach", reason=str(error))

    async def run(self) -> None:
        """Serve until this is cancelled; an outage is waited out."""
        try:
            async with asyncio.TaskGroup() as tasks:
                upkeep = tasks.create_task(self.upkeep())
                await self._connected()
                upkeep.cancel()
        finally:
            await self.client.close()

    async def _connected(self) -> None:
        delay = RETRY
        while True:
            try:
                if self.client.application is None:
                    await self.client.login(self._token)
                await self.client.connect()
                return
            except (discord.LoginFailure, discord.PrivilegedIntentsRequired) as error:
                log.error("discord_refuses_us", reason=str(error))  # the others go on without
                return
            except discord.ConnectionClosed as error:
                if error.code == 4004:
                    log.error("discord_refuses_us", reason=BAD_TOKEN)
                    return
                log.warning("discord_closed", code=error.code, next_try_in=delay)
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.warning("discord_out_of_reach", reason=str(error), next_try_in=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, RETRY_MAX)

    async def upkeep(self, *, every: float = UPKEEP) -> None:
        """Keep the presence true, and no token longer than it can be used."""
        while True:
            await asyncio.sleep(every)
            await self.tidy()

    async def tidy(self) -> None:
        """One round of `upkeep`."""
        await self.transport.forget_tokens(await self._deliveries.pending([PLATFORM]))
        waiting = await self._waiting()
        if self.client.is_ready() and waiting != self._shown:
            await self.client.change_presence(activity=self.presence(waiting))
            self._shown = waiting

    def presence(self, waiting: int) -> discord.CustomActivity:
        """What stands under the bot's name."""
        return discord.CustomActivity(self._texts.of(None).say("discord.presence", count=waiting))
