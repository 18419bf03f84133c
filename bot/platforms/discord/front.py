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

REFUSED = 4004
"""The code with which the gateway closes on a token that it does not take."""

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
        self._logged_in = False
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
                await self._log_in()
        except discord.LoginFailure:
            raise Misconfigured(BAD_TOKEN) from None
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("discord_out_of_reach", reason=str(error))

    async def run(self, *, retry: float = RETRY) -> None:
        """Serve until this is cancelled; an outage is waited out, `retry` seconds and longer."""
        try:
            async with asyncio.TaskGroup() as tasks:
                upkeep = tasks.create_task(self.upkeep())
                await self._connected(retry)
                upkeep.cancel()
        finally:
            await self.client.close()

    async def _connected(self, delay: float) -> None:
        while True:
            try:
                if not self._logged_in:
                    await self._log_in()
                await self.client.connect()
                return
            except discord.LoginFailure:
                log.error("discord_refuses_us", reason=BAD_TOKEN)  # the others go on without it
                return
            except discord.ConnectionClosed as error:
                if error.code == REFUSED:
                    log.error("discord_refuses_us", reason=BAD_TOKEN)
                    return
                log.warning("discord_closed", code=error.code, next_try_in=delay)
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.warning("discord_out_of_reach", reason=str(error), next_try_in=delay)
            except Exception:  # what the library stumbles over must not end the front
                log.exception("discord_broke", next_try_in=delay)
            await self._reopen()
            await asyncio.sleep(delay)
            delay = min(delay * 2, RETRY_MAX)

    async def _log_in(self) -> None:
        try:
            await self.client.login(self._token)
            self._logged_in = True
        except BaseException:
            await self._reopen()
            raise

    async def _reopen(self) -> None:
        """As good as new: the library keeps a closed connector for the next login otherwise."""
        self._logged_in = False
        await self.client.close()
        self.client.clear()
        self.client.http.connector = discord.utils.MISSING
        self.client.shard_count = None  # asked again, and with it where the gateway is

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
