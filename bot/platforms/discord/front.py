"""Discord in front of the queue: logs in, serves until it is cancelled, waits outages out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import discord
import structlog
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.language.catalogue import Texts
from bot.platforms.discord.address import PLATFORM
from bot.platforms.discord.client import Client
from bot.platforms.discord.transport import DiscordTransport
from generation.dispatch.standing import FailuresLogged
from generation.engine.protocol import Capabilities
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


@dataclass(frozen=True, slots=True)
class Care:
    """What the front looks after: how many wait, what is left of the last run, what can be asked.

    `capabilities` are looked at again, since an engine says what it can once it runs.
    """

    waiting: Callable[[], Awaitable[int]]
    resume: Callable[[], Awaitable[None]]
    capabilities: Callable[[], Capabilities]


class DiscordFront:
    """`connection` makes another client each time one is needed."""

    def __init__(
        self,
        token: str,
        api_url: str,
        transport: DiscordTransport,
        connection: Callable[[], Client],
        deliveries: Deliveries,
        texts: Texts,
        care: Care,
    ) -> None:
        self._token = token
        self._api_url = api_url
        self.transport = transport
        self._connection = connection
        self._deliveries = deliveries
        self._texts = texts
        self._care = care
        self._shown: int | None = None
        self._opened = self._logged_in = False
        self._offered = care.capabilities()
        self.client = connection()

    async def log_in(self) -> None:
        """Show Discord the token; raises `Misconfigured` for one that it does not take.

        Discord out of reach is no reason not to start: `run` tries again.
        """
        discord.http.Route.BASE = self._api_url.rstrip("/")
        try:
            async with asyncio.timeout(LOGIN):
                await self._log_in()
        except discord.LoginFailure:
            await self.close()
            raise Misconfigured(BAD_TOKEN) from None
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("discord_out_of_reach", reason=str(error))
            await self._reopen()

    async def run(self, *, retry: float = RETRY) -> str:
        """Serve until this is cancelled; an outage is waited out, `retry` seconds and longer.

        Returns only where Discord takes the token no more: the sentence that says so.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                beside = [tasks.create_task(self.upkeep()), tasks.create_task(self.take_up())]
                await self._connected(retry)
                for task in beside:
                    task.cancel()
            return BAD_TOKEN
        finally:
            await self.close()

    async def _connected(self, delay: float) -> None:
        """Return once the token is refused."""
        while True:
            try:
                if not self._logged_in:
                    await self._log_in()
                await self.client.connect()
                return
            except discord.LoginFailure:
                return
            except discord.ConnectionClosed as error:
                if error.code == REFUSED:
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
        self._opened = True
        await self.client.login(self._token)
        # where the library goes for a new session; it would be Discord itself also behind a proxy
        _, gateway, _ = await self.client.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
        self._logged_in = True

    async def _reopen(self) -> None:
        """A connection that has ended cannot be used again: another one takes its place."""
        await self.close()
        self.client = self._connection()
        self._shown = None

    async def close(self) -> None:
        """The library cannot close what was never opened."""
        if self._opened:
            await self.client.close()
        self._opened = self._logged_in = False

    async def take_up(self, *, every: float = RETRY) -> None:
        """What the last run of the program left, once Discord and the disk can be reached."""
        while True:
            if self._logged_in:
                with FailuresLogged("discord_resume"):
                    await self._care.resume()
                    return
            await asyncio.sleep(every)

    async def upkeep(self, *, every: float = UPKEEP) -> None:
        """Keep the presence true, and no token longer than it can be used."""
        while True:
            await asyncio.sleep(every)
            with FailuresLogged("discord_upkeep"):
                await self.tidy()

    async def tidy(self) -> None:
        """One round of `upkeep`."""
        await self.transport.forget_tokens(await self._deliveries.pending([PLATFORM]))
        if self._care.capabilities() != self._offered and self.client.is_ready():
            self._offered = self._care.capabilities()
            await self.client.renew_commands()
        waiting = await self._care.waiting()
        if self.client.is_ready() and waiting != self._shown:
            await self.client.change_presence(activity=self.presence(waiting))
            self._shown = waiting

    def presence(self, waiting: int) -> discord.CustomActivity:
        """What stands under the bot's name."""
        return discord.CustomActivity(self._texts.of(None).say("discord.presence", count=waiting))
