"""A desk in front of a real queue and a real table, and the people who come to it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.chat.admin import AdminCommands
from bot.chat.buttons import Verb
from bot.chat.commands import ChatCommands
from bot.language.catalogue import load_texts
from bot.language.wording import Formatting
from bot.submission.intake import Intake
from bot.submission.moderation import Moderation
from bot.submission.options import Options
from bot.submission.person import Person
from bot.submission.remix import Remix
from config.sections import DefaultsSettings
from generation.engine.protocol import OPTIONS
from generation.images.intake import Picture, PictureIntake
from generation.jobs import AnimationRequest, ReplyAddress, Requester, Ticket
from generation.store.quota import Limits
from tests.fakes.engine.stepped import STEPPED, SteppedEngine
from tests.fakes.program.core import NO_LIMITS, House, house

VOICE = Formatting(lambda text: text.replace("*", "\\*"), lambda moment: f"<{moment:%H:%M}>")
ROOM = ReplyAddress("room")
FEW = Limits(queued_per_user=2, per_hour=3, per_day=9, queue_size=99)
SEA = Options("the *sea* moves", seconds=1.0, seed=5)


class CopyingPictures(PictureIntake):
    """Takes every picture as it is: what a decoder does to bytes is tested elsewhere."""

    async def take(self, source: bytes | Path, folder: Path) -> Picture:
        content = source if isinstance(source, bytes) else source.read_bytes()
        number = len(list(folder.iterdir()))
        name = f"taken-{number}.png"
        (folder / name).write_bytes(content)
        return Picture(name, 640, 480)


def person(name: str, *, operator: bool = False, moderator: bool = False) -> Person:
    identities = (f"chat:{name}", "discord-role:9" if name == "vip" else "discord-role:1")
    return Person(Requester("chat", name), "en", identities, operator, moderator)


KIM, LEO, VIP = person("kim"), person("leo"), person("vip")
OPERATOR, MODERATOR = person("op", operator=True), person("mo", moderator=True)


@dataclass
class Counter:
    """The desk and the house behind it."""

    desk: ChatCommands
    home: House
    engine: SteppedEngine

    async def asked(
        self, who: Person = KIM, words: Options = SEA, *, key: str | None = None
    ) -> Ticket:
        return await self.desk.animate(who, b"picture", words, key=key, address=ROOM)

    async def again(
        self, job_id: str, verb: Verb, who: Person = KIM, changes: Options | None = None
    ) -> AnimationRequest:
        ticket = await self.desk.again(who, job_id, verb, changes=changes, key=None, address=ROOM)
        return (await self.desk.job(ticket.job_id)).request

    async def made(self, who: Person = KIM, words: Options = SEA) -> str:
        ticket = await self.asked(who, words)
        self.engine.finish(await self.engine.begun.get())
        async for _ in self.home.service.watch(ticket.job_id):
            pass
        return ticket.job_id

    def inputs(self) -> set[str]:
        return {path.name for path in self.home.workspace.inputs.iterdir()}


@asynccontextmanager
async def counter(
    folder: Path,
    *,
    limits: Limits = NO_LIMITS,
    options: frozenset[str] = OPTIONS,
    words: Sequence[str] = (),
) -> AsyncGenerator[Counter]:
    engine = SteppedEngine()
    engine.capabilities = replace(STEPPED, options=options)
    async with house(folder, engine, limits=limits) as home:
        moderation = Moderation(home.records, words=words, clock=home.clock)
        intake = Intake(CopyingPictures(), home.workspace, engine, DefaultsSettings())
        desk = ChatCommands(
            home.service,
            intake,
            moderation,
            Remix(intake, home.workspace, engine),
            AdminCommands(home.service, home.queue, home.history, moderation, clock=home.clock),
            home.queue,
            home.history,
            load_texts(),
            exempt=["discord-role:9"],
        )
        yield Counter(desk, home, engine)
