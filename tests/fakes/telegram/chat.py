"""A chat on Telegram with our bot in it, and an engine the test plays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.delivery.links import Links
from bot.delivery.narrator import Narrator
from bot.platforms.parts import Steady
from bot.platforms.telegram.assembly import telegram_front
from bot.platforms.telegram.front import TelegramFront
from bot.platforms.telegram.outgoing import CHAT
from bot.platforms.telegram.webhook import Webhook
from config.sections import TelegramSettings
from generation.engine.protocol import OPTIONS, Animation
from generation.store.quota import Limits
from tests.fakes.discord.server import NO_LINKS, Copies, Followed, parts_of
from tests.fakes.engine.stepped import STEPPED, SteppedEngine
from tests.fakes.program.core import NO_LIMITS, House, house
from tests.fakes.program.transport import settled
from tests.fakes.telegram.double import BOT, PRIVATE, TOKEN, Telegram, telegram_double

HURRY = 200.0
"""Times as fast as ours a minute passes for the gate: a second between two messages is 5 ms."""

PICTURE = b"\x89PNG as far as anybody looks"


def hurried() -> float:
    return time.monotonic() * HURRY


async def hurried_sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / HURRY)


@dataclass
class Talk:
    """`telegram` is Telegram, `home` the house behind our bot."""

    telegram: Telegram
    home: House
    engine: SteppedEngine
    copies: Copies
    admins: tuple[int, ...] = ()
    webhook: Webhook | None = None
    local: bool = False
    introduces: bool = False
    links: Links = NO_LINKS
    front: TelegramFront = field(init=False)
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    reports: list[str | None] = field(default_factory=list)

    async def start(self) -> None:
        followed = Followed()
        settings = TelegramSettings(
            api_url=self.telegram.url,
            admins=tuple(map(str, self.admins)),
            introduce=self.introduces,
        )
        parts = parts_of(self.home, self.copies, links=self.links)
        self.front = telegram_front(
            TOKEN,
            settings,
            replace(parts, steady=Steady(hurried, hurried_sleep)),
            follow=followed,
            webhook=self.webhook,
            local=self.local,
            report=self.reports.append,
        )
        narrator = followed.narrator = Narrator(
            self.home.service,
            self.home.deliveries,
            {"telegram": self.front.transport},
            clock=self.home.clock,
            sleep=self._sleep,
        )
        await self.front.log_in()
        self.tasks = [
            asyncio.create_task(self.front.run(retry=0.01)),
            asyncio.create_task(narrator.run()),
        ]

    async def _sleep(self, seconds: float) -> None:
        """What the gate asks for passes in its own time, everything longer when the test says."""
        await (hurried_sleep if seconds <= CHAT else self.home.clock.sleep)(seconds)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.front.close()

    async def restart(self) -> None:
        """Another bot and another narrator on the same table; nothing else is remembered."""
        await self.stop()
        await self.start()

    async def dealt_with(self) -> None:
        """Until no update is left to be taken up again."""
        inbox = self.home.core.store.inbox
        async with asyncio.timeout(30):
            while await inbox.waiting(f"telegram:{BOT}"):  # noqa: ASYNC110 (rows have no event)
                await asyncio.sleep(0.002)

    async def photo(
        self, caption: str | None = "/animate seconds=1 the sea moves", **more: Any
    ) -> dict[str, Any]:
        """Somebody sends a photo."""
        captioned = {} if caption is None else {"caption": caption}
        sizes = [self.telegram.picture(b"small"), self.telegram.picture(PICTURE)]
        return await self.telegram.say(photo=sizes, **captioned, **more)

    async def post(self, chat: int, **more: Any) -> dict[str, Any]:
        """A channel's post, which has no author."""
        told = {"id": chat, "type": "channel", "title": "News"}
        post = self.telegram.message(chat=chat) | {"chat": told, "sender_chat": told} | more
        del post["from"]
        await self.telegram.happen("channel_post", post)
        return post

    async def begun(self) -> Animation:
        async with asyncio.timeout(30):
            return await self.engine.begun.get()

    async def finish(self, animation: Animation | None = None) -> None:
        self.engine.finish(animation or await self.begun())

    def clips(self, chat: int = PRIVATE) -> list[dict[str, Any]]:
        return [one for one in self.telegram.shown(chat) if "video" in one]

    async def clip(self, chat: int = PRIVATE) -> dict[str, Any]:
        """The one clip in a chat, once it is there and all is tidy."""
        await self.telegram.until(lambda: self.clips(chat))
        await settled()
        [clip] = self.clips(chat)
        return clip

    async def said(self, chat: int = PRIVATE, count: int = 1) -> str:
        """What the newest message says, once there are so many."""
        await self.telegram.until(lambda: len(self.telegram.shown(chat)) >= count)
        return str(self.telegram.shown(chat)[-1].get("text"))


@asynccontextmanager
async def talk(
    folder: Path,
    *,
    limits: Limits = NO_LIMITS,
    options: frozenset[str] = OPTIONS,
    admins: tuple[int, ...] = (),
    webhook: Webhook | None = None,
    local: bool = False,
    introduces: bool = False,
) -> AsyncGenerator[Talk]:
    engine = SteppedEngine()
    engine.capabilities = replace(STEPPED, options=options)
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(telegram_double())
        home = await stack.enter_async_context(house(folder, engine, limits=limits))
        await stack.enter_async_context(home.at_work())
        copies = Copies(home.workspace.clips)
        at = Talk(telegram, home, engine, copies, admins, webhook, local, introduces)
        await at.start()
        try:
            yield at
        finally:
            await at.stop()
