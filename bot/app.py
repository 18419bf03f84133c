"""The composition root: with `fronts`, the only place where settings and objects meet.

Engines begin first: what is only for people to meet is loaded and made in `fronts` meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.runtime.control_socket import Control
from bot.runtime.engine_choice import Choice, choose, notice, started_by
from bot.runtime.housekeeping import measure_lag, prepare_words, sweep, thin
from bot.runtime.open_files import raise_limit
from bot.runtime.prompt_choice import prompt_help, with_prompts
from bot.runtime.sandbox import tell_what_lacks
from bot.submission.rules import rules_of
from config.sections import LimitsSettings, StorageSettings
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
    from bot.chat_fronts import ChatFronts
    from bot.fronts import Fronts
    from bot.platforms.web.site import WebServer

log = structlog.get_logger(__name__)


class Program:
    """Everything `photoplay run` runs, made from the settings and ended in the right order."""

    def __init__(
        self, settings: Settings, choice: Choice, database: Database, workspace: Workspace
    ) -> None:
        self._settings = settings
        self._choice = choice
        self._workspace = workspace
        self._rules = rules_of(settings.moderation)
        self._prompts = prompt_help(settings.prompts, self._rules.allow)
        self._core = Core(
            database,
            workspace,
            with_prompts(started_by(choice, settings, workspace), self._prompts),
            limits_of(settings.limits),
            load_secret(workspace.folder / "secret"),
        )
        self._core.joiner.sign_with(choice.signer)
        self._pictures = PictureIntake()

    async def run(self, stop: asyncio.Event, hurry: asyncio.Event, ready: ReadyCall) -> None:
        """Serve until `stop`; then give the running job its grace, or none with `hurry`."""
        if told := notice(self._choice):
            log.warning("model_does_not_serve", notice=told)
        await self._core.resume()
        async with AsyncExitStack() as ending:
            ending.push_async_callback(self._close)
            async with asyncio.TaskGroup() as tasks:
                work = tasks.create_task(self._core.workers.run())
                decoder = tasks.create_task(self._pictures.start())
                fronts = await self._fronts()
                ending.push_async_callback(fronts.chats.close)
                await _unless(stop, fronts.chats.log_in())
                await decoder
                served = None if stop.is_set() else await self._serve(fronts, tasks, ready)
                await stop.wait()
                await self._wind_down(served, work, hurry)

    async def _serve(self, fronts: Fronts, tasks: asyncio.TaskGroup, ready: ReadyCall) -> _Served:
        """From now on everybody is; `tasks` owns what that takes."""
        web = fronts.web()
        control = self._control(fronts.chats)
        await control.open()
        standing = (control.run(), *self._standing(), *fronts.chats.standing())
        served = _Served(fronts.chats, web, [tasks.create_task(one) for one in standing])
        if web is not None:
            tasks.create_task(web.run())
        ready(web.url if web is not None else None, self._core.workers.engine)
        return served

    async def _close(self) -> None:
        await self._core.workers.close()
        await self._pictures.close()
        with FailuresLogged("put_back"):  # the next start does it as well
            await asyncio.shield(self._core.store.queue.recover())

    async def _fronts(self) -> Fronts:
        """Loading them takes as long as the first engine does to start, and goes on beside it."""

        def loaded() -> type[Fronts]:
            from bot.fronts import Fronts

            return Fronts

        fronts = await asyncio.to_thread(loaded)
        return fronts(self._settings, self._choice, self._core, self._pictures, self._rules)

    def _control(self, chats: ChatFronts) -> Control:
        core = self._core
        return Control(
            self._workspace.folder / "control.sock",
            core.service,
            core.workers,
            core.store.queue,
            core.store.history,
            chats.stopped,
        )

    def _standing(self) -> list[Coroutine[None, None, None]]:
        """What goes on as long as the program does, whoever is served."""
        core = self._core
        return [
            core.positions.run(),
            core.watch_machine(),
            sweep(self._workspace, core.store),
            thin(core.service, keep=keep_rows(self._settings.storage)),
            measure_lag(core.observers.metrics),
            tell_what_lacks(),
            look_ahead(core.store.queue, self._prompts, self._workspace),
            prepare_words(),
        ]

    async def _wind_down(
        self, served: _Served | None, work: asyncio.Task[None], hurry: asyncio.Event
    ) -> None:
        grace = self._settings.run.grace
        log.info("stopping", grace=grace)
        self._core.workers.stop()
        if served is not None and served.web is not None:
            await served.web.stop()
        hurried = asyncio.create_task(hurry.wait())
        waits: set[asyncio.Future[Any]] = {work, hurried}
        await asyncio.wait(waits, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
        if served is not None and not hurry.is_set():
            await served.chats.finish()
        hurried.cancel()
        self._core.workers.leave()
        work.cancel()
        for task in served.standing if served is not None else ():
            task.cancel()


@dataclass(frozen=True, slots=True)
class _Served:
    """What serves people; `standing` goes on until the program ends."""

    chats: ChatFronts
    web: WebServer | None
    standing: list[asyncio.Task[None]]


async def _unless(stop: asyncio.Event, doing: Coroutine[None, None, None]) -> None:
    """Do it, but no longer than until `stop`."""
    async with asyncio.TaskGroup() as tasks:
        both: set[asyncio.Future[Any]] = {
            tasks.create_task(doing),
            tasks.create_task(stop.wait()),
        }
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()


ReadyCall = Callable[[str | None, str], None]
"""Told once that the program serves: the page's address, if there is one, and the engine."""


async def run(settings: Settings, ready: ReadyCall) -> None:
    """Serve until SIGTERM, Ctrl-C or the terminal's end; a second one ends the grace.

    Raises `Misconfigured`.
    """
    stop, hurry = asyncio.Event(), asyncio.Event()

    def on_signal() -> None:
        (hurry if stop.is_set() else stop).set()

    os.umask(0o077)
    raise_limit()
    with _heard(on_signal):
        async with _opened(settings) as (database, workspace):
            choice = await asyncio.to_thread(choose, settings)  # it may ask other programs
            await Program(settings, choice, database, workspace).run(stop, hurry, ready)


@contextmanager
def _heard(on_signal: Callable[[], None]) -> Iterator[None]:
    """Afterwards none is: one more, from who does not see that it ends, would make it a failure."""
    loop = asyncio.get_running_loop()
    heard = [
        number
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN  # as `nohup` wants it
    ]
    for number in heard:
        loop.add_signal_handler(number, on_signal)
    try:
        yield
    finally:
        for number in heard:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)


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
