"""What chats ask, in front of a real queue and a real table, and the people who ask."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bot.chat.assembly import chat_commands
from bot.chat.buttons import Verb, remake_of
from bot.chat.commands import ChatCommands
from bot.language.catalogue import load_texts
from bot.language.wording import Formatting
from bot.submission.assembly import make_moderation, make_submission
from bot.submission.digests import Remake
from bot.submission.exemptions import Exemptions
from bot.submission.options import Changes, Options
from bot.submission.person import Person
from bot.submission.rules import rules_of
from bot.submission.submit import Submission
from config.sections import DefaultsSettings, ModerationSettings
from generation.engine.protocol import OPTIONS
from generation.images.intake import Picture, PictureIntake
from generation.jobs import AnimationRequest, Job, ReplyAddress, Requester, Ticket
from generation.store.quota import Limits
from tests.fakes.engine.stepped import STEPPED, SteppedEngine
from tests.fakes.program.core import NO_LIMITS, House, house

VOICE = Formatting(lambda text: text.replace("*", "\\*"), lambda moment: f"<{moment:%H:%M}>")
ROOM = ReplyAddress("room")
FEW = Limits(queued_per_user=2, per_hour=3, per_day=9, queue_size=99)
SEA = Options("the *sea* moves", seconds=1.0, seed=5)


class CopyingPictures(PictureIntake):
    """Takes every picture as it is: what a decoder does to bytes is tested elsewhere."""

    async def take(self, source: bytes | Path, folder: Path, owner: str = "") -> Picture:
        content = source if isinstance(source, bytes) else source.read_bytes()
        number = len(list(folder.glob("[!.]*")))
        name = f"taken-{number}.png"
        (folder / name).write_bytes(content)
        return Picture(name, 640, 480)


def person(name: str, *, operator: bool = False, moderator: bool = False) -> Person:
    identities = (f"chat:{name}", "discord-role:9" if name == "vip" else "discord-role:1")
    return Person(Requester("chat", name), "en", identities, operator, moderator)


KIM, LEO, VIP = person("kim"), person("leo"), person("vip")
OPERATOR, MODERATOR = person("op", operator=True), person("mo", moderator=True)


@dataclass
class Chat:
    """`commands` and `submission` as a chat has them, and the house behind."""

    commands: ChatCommands
    submission: Submission
    home: House
    engine: SteppedEngine

    async def asked(
        self, who: Person = KIM, options: Options = SEA, *, key: str | None = None
    ) -> Ticket:
        return await self.sent(who, b"picture", options, key=key)

    async def sent(
        self, who: Person, picture: bytes | Path, options: Options, *, key: str | None = None
    ) -> Ticket:
        async with self.submission.admitted(who, key=key) as admission:
            return await self.submission.animate(admission, picture, options, address=ROOM)

    async def again(
        self,
        job_id: str,
        verb: Verb,
        who: Person = KIM,
        changes: Options | None = None,
        *,
        clip: Path | None = None,
    ) -> AnimationRequest:
        given = asdict(changes) if changes is not None else None
        ticket = await self.remade(who, job_id, remake_of(verb), given, clip=clip)
        return (await self.commands.job(ticket.job_id)).request

    async def remade(
        self,
        who: Person,
        job_id: str,
        remake: Remake,
        changes: Changes | None = None,
        *,
        key: str | None = None,
        clip: Path | None = None,
    ) -> Ticket:
        async with self.submission.admitted(who, key=key) as admission:
            return await self.submission.again(
                admission, job_id, remake, changes=changes, clip=clip, address=ROOM
            )

    async def made(self, who: Person = KIM, options: Options = SEA) -> str:
        return (await self.finished(await self.asked(who, options))).id

    async def finished(self, ticket: Ticket) -> Job:
        self.engine.finish(await self.engine.begun.get())
        async for _ in self.home.service.watch(ticket.job_id):
            pass
        return await self.commands.job(ticket.job_id)

    def inputs(self) -> set[str]:
        return {path.name for path in self.home.workspace.inputs.iterdir()}


@asynccontextmanager
async def chatting(
    folder: Path,
    *,
    limits: Limits = NO_LIMITS,
    options: frozenset[str] = OPTIONS,
    words: Sequence[str] = (),
    pictures: PictureIntake | None = None,
) -> AsyncGenerator[Chat]:
    engine = SteppedEngine()
    engine.capabilities = replace(STEPPED, options=options)
    async with house(folder, engine, limits=limits) as home:
        rules = ModerationSettings(blocked_words=tuple(words))
        exempt = Exemptions(["discord-role:9"])
        commands, submission = chat_parts(home, rules, exempt, pictures)
        yield Chat(commands, submission, home, engine)


def chat_parts(
    home: House,
    rules: ModerationSettings,
    exempt: Exemptions,
    pictures: PictureIntake | None = None,
) -> tuple[ChatCommands, Submission]:
    """What every chat of the program shares."""
    core = home.core
    moderation = make_moderation(core, rules, rules_of(rules))
    pictures = pictures or CopyingPictures()
    submission = make_submission(core, pictures, moderation, exempt, DefaultsSettings())
    return chat_commands(core, submission, moderation, load_texts(), fps=24), submission
