"""From a message to a job in line and its status message: how every new clip begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import telegram

from bot.chat.buttons import Verb, remake_of
from bot.chat.errors import UserError
from bot.chat.settings import elsewhere
from bot.platforms.telegram import pictures
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.option_parsing import BadOption, Written, written
from bot.platforms.telegram.panel import ASPECTS, USUAL, PanelChoice
from bot.platforms.telegram.references import ClipOf, EditOf, PictureOf
from bot.platforms.telegram.replies import Replies, thread_of
from bot.platforms.telegram.settings import GENERAL, names_of
from bot.platforms.telegram.sources import Source
from bot.platforms.telegram.transport import TelegramTransport
from bot.submission.options import Options
from bot.submission.person import Person
from bot.submission.returned import options_of_recipe
from bot.submission.scenes import SceneWish, check_each, check_scenes
from bot.submission.submit import Submission
from bot.submission.uploads import IncomingUpload
from generation.errors import InvalidImage
from generation.jobs import Job, Ticket
from generation.media.joining.film import FilmStyle
from generation.media.recipe import Recipe


class MessageSubmission:
    """`local`: the Bot API server is our own."""

    def __init__(
        self,
        submission: Submission,
        replies: Replies,
        transport: TelegramTransport,
        *,
        local: bool,
    ) -> None:
        self._submission = submission
        self._replies = replies
        self._transport = transport
        self._local = local

    def options(self, text: str, person: Person) -> Written:
        """What stands behind a command; raises `UserError`."""
        catalogue = self._replies.catalogue(person.locale)
        try:
            return written(text)
        except BadOption as error:
            key, facts = "telegram.answer.bad_option", {"option": error.option}
            if error.near is not None:
                key, facts = "telegram.answer.near_option", facts | {"near": error.near}
            raise UserError(catalogue.say(key, **facts)) from None

    def chosen(self, choice: PanelChoice) -> Options:
        """What was tapped together."""
        aspect = ASPECTS.get(choice.shape)
        return Options(
            motion=choice.motion,
            effect=choice.effect,
            seconds=None if choice.seconds == USUAL else float(choice.seconds),
            size="auto" if aspect is None else self._submission.shaped(*aspect),
        )

    async def animate(
        self,
        message: telegram.Message,
        person: Person,
        picture: PictureOf,
        options: Options,
        *,
        key: str | None = None,
    ) -> None:
        """A new clip of a picture, in answer to the message; raises `Rejected` kinds, `UserError`.

        Without a `key` the message is asked once.
        """
        self._submission.check(options)
        address = await self._address(message, person, spoiler=picture.spoiler)
        bot = message.get_bot()
        catalogue = self._replies.catalogue(person.locale)
        key = key or f"{message.chat_id}:{message.id}"
        async with self._submission.admitted(person, key=key) as admission:
            upload, source = admission.upload, picture.source
            file = await self._video_of_ours(bot, source, upload, person)
            if file is None:
                file = await pictures.fetch(bot, source, upload, catalogue, local=self._local)
            ticket = await self._submission.animate(
                admission, file, options, address=address.to_reply()
            )
        await self._announce(ticket, address)

    def check(self, options: Options) -> None:
        """Refuse what no picture could make right; raises `Rejected` kinds."""
        self._submission.check(options)

    async def told(self, person: Person, scenes: int, *, takes: float | None = None) -> str:
        """What a film of so many scenes counts as, and how long it takes where that is known."""
        catalogue = self._replies.catalogue(person.locale)
        return await self._submission.films.told(person, catalogue, scenes, takes=takes)

    async def told_of_each(self, person: Person, clips: int) -> str:
        """What so many clips count as, which are asked for together."""
        catalogue = self._replies.catalogue(person.locale)
        return await self._submission.films.told_of_each(person, catalogue, clips)

    async def film(
        self,
        message: telegram.Message,
        person: Person,
        scenes: Sequence[tuple[Options, PictureOf | None]],
        style: FilmStyle,
        *,
        key: str | None = None,
    ) -> None:
        """One film in answer to the message; raises `Rejected` kinds, `UserError`."""
        sketched = [SceneWish(options, b"" if shown else None) for options, shown in scenes]
        check_scenes(sketched)
        check_each(sketched, self._submission.check)
        spoiler = any(shown is not None and shown.spoiler for _, shown in scenes)
        address = await self._address(message, person, spoiler=spoiler)
        key = key or f"{message.chat_id}:{message.id}"
        async with self._submission.admitted(person, key=key) as admission:
            wishes = []
            for options, shown in scenes:
                source = None if shown is None else shown.source
                file = await self._from_chat(message, person, admission.upload, source)
                wishes.append(SceneWish(options, file))
            ticket = await self._submission.films.make(
                admission, wishes, style, address=address.to_reply()
            )
        told = await self.told(person, len(scenes), takes=ticket.eta_seconds)
        await self._announce(ticket, address, told=told)

    async def recipe(
        self, message: telegram.Message, person: Person, picture: PictureOf
    ) -> Recipe | tuple[Recipe, ...] | None:
        """What a video says of itself, if it is of ours; of a film, of each of its scenes.

        Raises `Rejected` kinds.
        """
        returned = self._submission.returned
        async with self._submission.reading(person) as upload:
            file = await self._video(message.get_bot(), picture.source, upload, person)
            if file is None:
                return None
            recipe = await returned.recipe(file, person.owner)
            if recipe is None:
                return await returned.scenes(file, person.owner) or None
        self._submission.check(options_of_recipe(recipe, self._submission.capabilities))
        return recipe

    async def _video_of_ours(
        self, bot: telegram.Bot, source: Source, upload: IncomingUpload, person: Person
    ) -> Path | None:
        """What a picture is the cover of, where that is a clip of ours."""
        file = await self._video(bot, source, upload, person)
        if file is None:
            return None
        ours = await self._submission.returned.recipe(file, person.owner)
        return None if ours is None else file

    async def _video(
        self, bot: telegram.Bot, source: Source, upload: IncomingUpload, person: Person
    ) -> Path | None:
        """What a picture is the cover of, where Telegram hands it out."""
        video = source.video
        if video is None or not pictures.is_given(video, local=self._local):
            return None
        catalogue = self._replies.catalogue(person.locale)
        try:
            return await pictures.fetch(bot, video, upload, catalogue, local=self._local)
        except (UserError, InvalidImage):  # its cover may be had all the same
            return None

    async def again(
        self,
        message: telegram.Message,
        person: Person,
        clip: ClipOf | EditOf,
        verb: Verb,
        *,
        key: str,
        changes: Options | None = None,
    ) -> None:
        """Another clip from an old one, for whoever presses; `message` is what is replied to."""
        job, remake = await self._transport.job(clip.job), remake_of(verb)
        address = await self._address(message, person, spoiler=is_covered(job))
        async with self._submission.admitted(person, key=key) as admission:
            file = None
            if not self._submission.keeps(job, remake):
                source = clip_in_chat(clip, job) if self.can_fetch(clip, job) else None
                file = await self._from_chat(message, person, admission.upload, source)
            ticket = await self._submission.again(
                admission,
                job.id,
                remake,
                changes=asdict(changes) if changes is not None else None,
                clip=file,
                address=address.to_reply(),
            )
        await self._announce(ticket, address)

    def can_fetch(self, clip: ClipOf | EditOf, job: Job) -> bool:
        """Whether the chat has the clip, and gives it to us."""
        source = clip_in_chat(clip, job)
        return source is not None and pictures.is_given(source, local=self._local)

    async def _from_chat(
        self,
        message: telegram.Message,
        person: Person,
        upload: IncomingUpload,
        source: Source | None,
    ) -> Path | None:
        """A file as the chat has it; raises `Rejected` kinds and `UserError`."""
        if source is None:
            return None
        catalogue = self._replies.catalogue(person.locale)
        return await pictures.fetch(message.get_bot(), source, upload, catalogue, local=self._local)

    async def _address(
        self, message: telegram.Message, person: Person, *, spoiler: bool
    ) -> Address:
        """In the group's language; raises `UserError` where its staff wants no clips."""
        settings = await self._submission.places.of(person)
        if message.chat.is_forum and not settings.allows(thread_of(message) or GENERAL):
            raise elsewhere(
                self._replies.catalogue(person.locale), settings, names_of(message.chat)
            )
        address = address_of(message, person, spoiler=spoiler)
        return address.model_copy(update={"locale": settings.language or address.locale})

    async def _announce(self, ticket: Ticket, address: Address, *, told: str = "") -> None:
        route = self._transport.announcement(ticket.job_id, address)
        await self._transport.announce(ticket, address, route, told=told)


def address_of(message: telegram.Message, person: Person, *, spoiler: bool) -> Address:
    """`spoiler`: the clip is covered, as the picture was."""
    user = int(person.requester.user)
    return Address(
        chat=message.chat_id,
        source=message.id,
        thread=thread_of(message),
        user=user if user > 0 else None,
        sender=user if user < 0 and user != message.chat_id else None,
        locale=person.locale,
        spoiler=spoiler,
    )


def clip_in_chat(clip: ClipOf | EditOf, job: Job) -> Source | None:
    """In the very message, or as Telegram has kept it since it was sent."""
    file = clip.file or job.file
    return Source(file, clip.size) if file is not None else None


def is_covered(job: Job) -> bool:
    """Whether its picture was sent as a spoiler."""
    address = Address.of(job)
    return address is not None and address.spoiler
