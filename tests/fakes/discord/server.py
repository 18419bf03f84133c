"""A Discord server with our bot in it, as its members use it, and an engine the test plays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.delivery.links import Links
from bot.delivery.narrator import Narrator
from bot.language.catalogue import load_texts
from bot.platforms.discord.assembly import discord_front
from bot.platforms.discord.front import DiscordFront
from bot.platforms.discord.pictures import PATIENCE, Fetching
from bot.platforms.parts import ChatParts
from bot.submission.exemptions import Exemptions
from bot.submission.fetching import NotFetched, Patience, over_http
from config.sections import DiscordSettings, ModerationSettings
from generation.engine.protocol import OPTIONS, Animation
from generation.errors import GenerationFailed
from generation.jobs import Job
from generation.store.quota import Limits
from tests.fakes.engine.stepped import STEPPED, SteppedEngine
from tests.fakes.program.chat import chat_parts
from tests.fakes.program.core import NO_LIMITS, Clock, House, house
from tests.fakes.program.transport import settled

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PICTURE = ("photo.png", PNG)
NO_LINKS = Links(None, b"secret", valid_for=60.0)


class Copies:
    """Smaller copies as `Shrink` makes them, down to `smallest` bytes."""

    def __init__(self, folder: Path, smallest: int = 0) -> None:
        self.made: list[int] = []
        self.smallest = smallest
        self._folder = folder

    async def smaller(self, job: Job, size: int) -> Path:
        if size < self.smallest:
            raise GenerationFailed("not_small_enough")
        self.made.append(size)
        path = self._folder / f"{job.id}.{size}.mp4"
        path.write_bytes(b"s" * min(size, 64))
        return path


class Followed:
    """The narrator is made after the front that it needs: until then nobody asks for it."""

    narrator: Narrator | None = None

    def __call__(self, job_id: str) -> None:
        assert self.narrator is not None
        self.narrator.follow(job_id)


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
    admins: tuple[int, ...] = ()
    exempt: tuple[str, ...] = ()
    narrating: asyncio.Task[None] | None = None
    _members: dict[str, simcord.MemberActor] = field(default_factory=dict)

    def member(self, name: str = "kim", **roles: Any) -> simcord.MemberActor:
        if name not in self._members:
            user = self.env.create_user(name)
            self._members[name] = self.guild.add_member(user, **roles)
        return self._members[name]

    async def animate(self, who: str = "kim", **options: Any) -> simcord.InteractionResult:
        given = {"image": PICTURE, "seconds": 1.0, "prompt": "the sea moves"} | options
        return await self.member(who).slash(self.channel, "animate", **given)

    async def begun(self) -> Animation:
        """The next clip that the engine begins with."""
        async with asyncio.timeout(30):
            return await self.engine.begun.get()

    async def finish(self, animation: Animation | None = None, *, delivered: bool = True) -> None:
        """`delivered` is false where that will only succeed later, or nobody is there to do it."""
        animation = animation or await self.begun()
        self.engine.finish(animation)
        if delivered:
            with suppress(TimeoutError):  # what is sent again later is no part of this
                async with asyncio.timeout(3):
                    while await self._is_on_its_way(animation.job):  # noqa: ASYNC110 (a row)
                        await asyncio.sleep(0.002)
        await self.settle()

    async def _is_on_its_way(self, job_id: str) -> bool:
        return job_id in {job.id for job in await self.home.deliveries.pending(["discord"])}

    async def settle(self) -> None:
        """Everybody, the narrator included, has said what there was to say."""
        for _ in range(5):
            await settled()
            await self.env.settle()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(30):
            while not condition():  # noqa: ASYNC110 (what is waited for has no event of its own)
                await asyncio.sleep(0.005)

    async def pass_(self, seconds: float) -> None:
        """Time on the clock of Discord and of the house."""
        self.home.clock.pass_(seconds)
        await self.env.advance_time(seconds)
        await self.settle()

    def start_narrator(self, followed: Followed) -> None:
        """Let a narrator begin, as the program does when it starts."""
        narrator = followed.narrator = Narrator(
            self.home.service,
            self.home.deliveries,
            {"discord": self.front.transport},
            clock=self.home.clock,
            sleep=self.home.clock.sleep,
        )
        self.narrating = asyncio.create_task(narrator.run())

    async def stop_narrator(self) -> None:
        assert self.narrating is not None
        self.narrating.cancel()
        await asyncio.gather(self.narrating, return_exceptions=True)

    async def appoint(self, name: str) -> simcord.MemberActor:
        """Somebody whom the settings of the next start name as an operator."""
        staff = self.guild.create_role("staff", permissions=discord.Permissions(manage_guild=True))
        member = self.member(name, roles=[staff])
        self.admins = (member.id,)
        await self.restart()
        return member

    async def restart(self) -> None:
        """Another bot and another narrator on the same table; nothing else is remembered."""
        await self.stop_narrator()
        followed = Followed()
        parts = parts_of(self.home, self.copies, exempt=self.exempt)
        self.front = front_of(self.home, parts, followed, admins=self.admins)
        await self.env.restart_bot(self.front.client)
        self.start_narrator(followed)
        await self.settle()

    @property
    def messages(self) -> list[discord.Message]:
        return self.channel.history()


def parts_of(
    home: House, copies: Copies, *, exempt: tuple[str, ...] = (), links: Links = NO_LINKS
) -> ChatParts:
    """What a chat platform's front is made of, on the house."""
    rules = ModerationSettings(blocked_words=("gore",))
    commands, submission = chat_parts(home, rules, Exemptions(exempt))
    return ChatParts(
        chat_commands=commands,
        submission=submission,
        deliveries=home.deliveries,
        clip_messages=home.core.store.clip_messages,
        history=home.history,
        inbox=home.inbox,
        references=home.references,
        intended_questions=home.core.store.intended_questions,
        sends=home.sends,
        sent_messages=home.sent_messages,
        last_choices=home.core.store.last_choices,
        workspace=home.workspace,
        smaller=copies.smaller,
        links=links,
        texts=load_texts(),
        clock=home.clock,
    )


def front_of(
    home: House,
    parts: ChatParts,
    follow: Callable[[str], None],
    *,
    token: str = "token",
    api_url: str | None = None,
    admins: tuple[int, ...] = (),
    shards: int | None = 1,
    patience: Patience = PATIENCE,
) -> DiscordFront:
    """Without an `api_url` Discord is in this process, and so is what lies on its servers."""

    @asynccontextmanager
    async def in_this_process(url: str) -> AsyncGenerator[AsyncIterator[bytes]]:
        try:
            content = await front.client.http.get_from_cdn(url)
        except discord.HTTPException:
            raise NotFetched("it is not there", again=False) from None
        yield _as_pieces(content)

    settings = DiscordSettings(admins=tuple(map(str, admins)))
    if api_url is not None:
        settings = DiscordSettings(admins=settings.admins, api_url=api_url)
    front = discord_front(
        token,
        settings,
        parts,
        follow=follow,
        shards=shards,
        clock=home.clock,
        fetching=Fetching(in_this_process if api_url is None else over_http, patience),
    )
    return front


async def _as_pieces(content: bytes) -> AsyncGenerator[bytes]:
    yield content


@asynccontextmanager
async def server(
    folder: Path,
    *,
    limits: Limits = NO_LIMITS,
    options: frozenset[str] = OPTIONS,
) -> AsyncGenerator[Server]:
    engine = SteppedEngine()
    engine.capabilities = replace(STEPPED, options=options)
    clock = Clock()
    async with house(folder, engine, limits=limits, clock=clock) as home:
        copies, followed = Copies(home.workspace.clips), Followed()
        front = front_of(home, parts_of(home, copies), followed)
        async with AsyncExitStack() as stack:
            env = await stack.enter_async_context(simcord.run(front.client))
            clock.now = env.now().timestamp()
            await stack.enter_async_context(home.at_work())
            guild = env.create_guild()
            channel = guild.create_text_channel("pictures")
            await env.settle()
            at = Server(env, front, home, engine, copies, guild, channel)
            at.start_narrator(followed)
            try:
                yield at
            finally:
                await at.stop_narrator()
