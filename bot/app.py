"""The composition root: the only place where settings and objects meet."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import structlog

from bot.chat.assembly import chat_commands
from bot.delivery.links import Links
from bot.delivery.smaller_copies import SmallerCopies
from bot.fronts import ChatFronts, web_front
from bot.language.catalogue import load_texts
from bot.platforms.notices import DownloadOffer, Notices
from bot.platforms.parts import ChatParts
from bot.runtime.control_socket import Control
from bot.runtime.engine_choice import Choice, choose, notice, started_by
from bot.runtime.housekeeping import measure_lag, sweep, thin
from bot.runtime.open_files import raise_limit
from bot.runtime.prompt_choice import prompt_help, with_prompts
from bot.runtime.sandbox import tell_what_lacks
from bot.submission.assembly import make_moderation, make_submission, rules_of
from bot.submission.exemptions import Exemptions
from bot.submission.moderation import Moderation
from config.sections import LimitsSettings, StorageSettings, WebSettings
from config.settings import Settings
from generation.dispatch.core import Core
from generation.dispatch.standing import FailuresLogged
from generation.images.intake import PictureIntake
from generation.prompts.look_ahead import look_ahead
from generation.store.database import Database, InstanceLock
from generation.store.quota import Limits
from generation.store.secret import load_secret
from generation.workspace import Workspace

if TYPE_CHECKING:
    from bot.platforms.web.site import WebServer

log = structlog.get_logger(__name__)


class Program:
    """Everything `photoplay run` runs, made from the settings and ended in the right order."""

    def __init__(
        self, settings: Settings, choice: Choice, database: Database, workspace: Workspace
    ) -> None:
        self._settings = settings
        self._notice, self._offer = notice(choice), _offer(choice)
        self._workspace = workspace
        rules = rules_of(settings.moderation)
        self._prompts = prompt_help(settings.prompts, rules.allow)
        self._core = core = Core(
            database,
            workspace,
            with_prompts(started_by(choice, settings, workspace), self._prompts),
            limits_of(settings.limits),
            load_secret(workspace.folder / "secret"),
        )
        core.joiner.sign_with(choice.signer)
        self._pictures = PictureIntake()
        self._texts = load_texts()
        self._links = links_of(settings.web, core)
        moderation = make_moderation(core, settings.moderation, rules)
        exemptions = Exemptions(settings.limits.exempt, web=not settings.web.api_keys)
        self._submission = make_submission(
            core, self._pictures, moderation, exemptions, settings.defaults
        )
        self._chats = self._chat_fronts(moderation, SmallerCopies(workspace, choice.signer))
        self._control = Control(
            workspace.folder / "control.sock",
            core.service,
            core.workers,
            core.store.queue,
            core.store.history,
            self._chats.stopped,
        )

    def _chat_fronts(self, moderation: Moderation, copies: SmallerCopies) -> ChatFronts:
        settings, core, texts = self._settings, self._core, self._texts
        fps = settings.defaults.fps
        parts = ChatParts(
            chat_commands=chat_commands(core, self._submission, moderation, texts, fps=fps),
            submission=self._submission,
            deliveries=core.store.deliveries,
            clip_messages=core.store.clip_messages,
            history=core.store.history,
            inbox=core.store.inbox,
            references=core.store.message_references,
            intended_questions=core.store.intended_questions,
            sends=core.store.sends,
            sent_messages=core.store.sent_messages,
            last_choices=core.store.last_choices,
            workspace=self._workspace,
            smaller=copies.smaller,
            links=self._links,
            texts=texts,
        )
        web = settings.web
        return ChatFronts(
            settings.discord,
            settings.telegram,
            web.host,
            parts,
            core.service,
            alone=not web.enabled,
        )

    async def run(self, stop: asyncio.Event, hurry: asyncio.Event, ready: ReadyCall) -> None:
        """Serve until `stop`; then give the running job its grace, or none with `hurry`."""
        if self._notice is not None:
            log.warning("model_does_not_serve", notice=self._notice)
        await self._core.resume()
        try:
            await self._chats.log_in()
            web = self._web()
            await self._pictures.start()
            await self._control.open()
            async with asyncio.TaskGroup() as tasks:
                standing = [tasks.create_task(one) for one in self._standing()]
                work = tasks.create_task(self._core.workers.run())
                if web is not None:
                    tasks.create_task(web.run())
                ready(web.url if web is not None else None, self._core.workers.engine)
                await stop.wait()
                await self._wind_down(web, work, hurry)
                for task in standing:
                    task.cancel()
        finally:
            await self._chats.close()
            await self._core.workers.close()
            await self._pictures.close()
            with FailuresLogged("put_back"):  # the next start does it as well
                await asyncio.shield(self._core.store.queue.recover())

    def _web(self) -> WebServer | None:
        settings, webhooks = self._settings.web, self._settings.webhooks
        core, submission, links = self._core, self._submission, self._links
        notices = Notices(self._notice, self._offer, self._chats.stopped)
        return web_front(settings, webhooks, core, submission, links, self._texts, notices)

    def _standing(self) -> list[Coroutine[None, None, None]]:
        """Everything that goes on as long as the program does."""
        core = self._core
        return [
            core.positions.run(),
            core.watch_machine(),
            self._control.run(),
            sweep(self._workspace, core.store),
            thin(core.store.forgetting, keep=keep_rows(self._settings.storage)),
            measure_lag(core.observers.metrics),
            tell_what_lacks(),
            look_ahead(core.store.queue, self._prompts, self._workspace),
            *self._chats.standing(),
        ]

    async def _wind_down(
        self, web: WebServer | None, work: asyncio.Task[None], hurry: asyncio.Event
    ) -> None:
        grace = self._settings.run.grace
        log.info("stopping", grace=grace)
        self._core.workers.stop()
        if web is not None:
            await web.stop()
        hurried = asyncio.create_task(hurry.wait())
        waits: set[asyncio.Future[Any]] = {work, hurried}
        await asyncio.wait(waits, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
        if not hurry.is_set():
            await self._chats.finish()
        hurried.cancel()
        self._core.workers.leave()
        work.cancel()


ReadyCall = Callable[[str | None, str], None]
"""Told once that the program serves: the page's address, if there is one, and the engine."""


async def run(settings: Settings, ready: ReadyCall) -> None:
    """Serve until SIGTERM, Ctrl-C or the terminal's end; a second one ends the grace.

    Raises `Misconfigured`.
    """
    stop, hurry = asyncio.Event(), asyncio.Event()

    def on_signal() -> None:
        (hurry if stop.is_set() else stop).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:  # as `nohup` wants it
            continue
        loop.add_signal_handler(number, on_signal)
    os.umask(0o077)
    raise_limit()
    async with _opened(settings) as (database, workspace):
        choice = await asyncio.to_thread(choose, settings)  # it may ask other programs
        await Program(settings, choice, database, workspace).run(stop, hurry, ready)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Database, Workspace]]:
    workspace = Workspace(
        settings.data_dir,
        keep_inputs=settings.storage.keep_inputs_hours * 3600.0,
        keep_clips=settings.storage.keep_clips_days * 86400.0,
    )
    workspace.create()
    lock = InstanceLock(workspace.folder / "photoplay.lock")
    lock.acquire()
    try:
        database = await Database.open(workspace.folder / "photoplay.db")
        try:
            yield database, workspace
        finally:
            await database.close()
    finally:
        lock.release()


def keep_rows(storage: StorageSettings) -> float:
    """Seconds; a clip that is kept longer keeps its row as well."""
    return max(storage.keep_rows_days, storage.keep_clips_days) * 86400.0


def limits_of(settings: LimitsSettings) -> Limits:
    return Limits(
        settings.queued_per_user, settings.per_hour, settings.per_day, settings.queue_size
    )


def links_of(settings: WebSettings, core: Core) -> Links:
    served = settings.enabled and settings.public_url is not None
    url = str(settings.public_url) if served else None
    return Links(url, core.secret, valid_for=core.workspace.keep_clips)


def _offer(choice: Choice) -> DownloadOffer | None:
    """The model that would serve if its weights were here, as far as a command fetches them."""
    model = choice.instead_of
    if model is None or not model.download:
        return None
    return DownloadOffer(model.name, round(model.download, 1), model.licence, "photoplay download")
