"""A Discord server with our bot in it, as its members use it, and an engine the test plays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.desk import Desk
from bot.intake import Intake
from bot.moderation import Moderation
from bot.narrator import Narrator
from bot.operators import Operators
from bot.platforms.discord.front import DiscordFront
from bot.remix import Remix
from bot.texts import load_texts
from config.sections import DefaultsSettings
from generation.engine.protocol import OPTIONS, Animation
from generation.errors import GenerationFailed
from generation.jobs import Job
from generation.store.quota import Limits
from tests.fakes.desk import CopyingPictures
from tests.fakes.engine import STEPPED, SteppedEngine
from tests.fakes.house import NO_LIMITS, Clock, House, house
from tests.fakes.transport import settled

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PICTURE = ("photo.png", PNG)


class Copies:
    """Smaller copies as `Shrink` makes them, down to `smallest` bytes."""

    def __init__(self, folder: Path, smallest: int = 0) -> None:
        self.made: list[int] = []
        self.smallest = smallest
        self._folder = folder

    async def smaller(self, job: Job, size: int) -> Path:
        if size < self.smallest:
            raise GenerationFailed("It cannot be made that small.")
        self.made.append(size)
        path = self._folder / f"{job.id}.{size}.mp4"
        path.write_bytes(b"s" * min(size, 64))
        return path


@dataclass
class Server:
    """`env` is Discord, `home` the house behind our bot; members are made by name."""

    env: simcord.Env
    front: DiscordFront
    home: House
    engine: SteppedEngine
    copies: Copies
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    narrator: Narrator
    _members: dict[str, simcord.MemberActor] = field(default_factory=dict)

    def member(self, name: str = "kim", **roles: Any) -> simcord.MemberActor:
        if name not in self._members:
            user = self.env.create_user(name)
            self._members[name] = self.guild.add_member(user, **roles)
        return self._members[name]

    async def animate(self, who: str = "kim", **options: Any) -> simcord.InteractionResult:
        asked = {"image": PICTURE, "seconds": 1.0, "prompt": "the sea moves"} | options
        return await self.member(who).slash(self.channel, "animate", **asked)

    async def begun(self) -> Animation:
        """The next clip that the engine begins with."""
        async with asyncio.timeout(5):
            return await self.engine.begun.get()

    async def finish(self, animation: Animation | None = None) -> None:
        self.engine.finish(animation or await self.begun())
        await self.settle()

    async def settle(self) -> None:
        """Everybody, the narrator included, has said what there was to say."""
        for _ in range(3):
            await settled()
            await self.env.settle()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 (what is waited for has no event of its own)
                await asyncio.sleep(0.005)

    async def pass_(self, seconds: float) -> None:
        """Time on the clock of Discord and of the house."""
        self.home.clock.pass_(seconds)
        await self.env.advance_time(seconds)
        await self.settle()

    @property
    def messages(self) -> list[discord.Message]:
        return self.channel.history()


def chat_desk(
    home: House, engine: SteppedEngine, exempt: tuple[str, ...] = ()
) -> tuple[Desk, Intake]:
    moderation = Moderation(home.records, words=["gore"], clock=home.clock)
    intake = Intake(CopyingPictures(), home.workspace, engine, DefaultsSettings())
    operators = Operators(home.service, home.queue, home.history, moderation, clock=home.clock)
    remix = Remix(intake, home.workspace, engine)
    desk = Desk(
        *(home.service, intake, moderation, remix, operators),
        *(home.queue, home.history, load_texts()),
        exempt=exempt,
    )
    return desk, intake


def discord_front(
    home: House, engine: SteppedEngine, copies: Copies, follow: Callable[[str], None], **more: Any
) -> DiscordFront:
    desk, intake = chat_desk(home, engine, more.pop("exempt", ()))

    async def waiting() -> int:
        return (await home.history.counts())["queued"]

    return DiscordFront(
        more.pop("token", "token"),
        more.pop("api_url", "https://discord.com/api/v10"),
        more.pop("admins", ()),
        *(desk, intake, home.deliveries, load_texts()),
        follow=follow,
        smaller=copies.smaller,
        waiting=waiting,
        folder=home.workspace.folder,
        shards=1,
        clock=home.clock,
    )


class Followed:
    """The narrator is made after the front that it needs: until then nobody asks for it."""

    narrator: Narrator | None = None

    def __call__(self, job_id: str) -> None:
        assert self.narrator is not None
        self.narrator.follow(job_id)


@asynccontextmanager
async def server(
    folder: Path,
    *,
    limits: Limits = NO_LIMITS,
    options: frozenset[str] = OPTIONS,
    admins: tuple[int, ...] = (),
    exempt: tuple[str, ...] = (),
) -> AsyncGenerator[Server]:
    engine = SteppedEngine()
    engine.capabilities = replace(STEPPED, options=options)
    clock = Clock()
    async with house(folder, engine, limits=limits, clock=clock) as home:
        copies, followed = Copies(home.workspace.clips), Followed()
        front = discord_front(home, engine, copies, followed, admins=admins, exempt=exempt)
        async with AsyncExitStack() as stack:
            env = await stack.enter_async_context(simcord.run(front.client))
            clock.now = env.now().timestamp()
            await stack.enter_async_context(home.at_work())
            narrator = followed.narrator = _narrator(home, front)
            telling = asyncio.create_task(narrator.run())
            guild = env.create_guild()
            channel = guild.create_text_channel("pictures")
            await env.settle()
            try:
                yield Server(env, front, home, engine, copies, guild, channel, narrator)
            finally:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)


def _narrator(home: House, front: DiscordFront) -> Narrator:
    return Narrator(
        home.service,
        home.deliveries,
        {"discord": front.transport},
        clock=home.clock,
        sleep=_brief,
        look=60.0,
    )


async def _brief(_: float) -> None:
    await asyncio.sleep(0.002)
