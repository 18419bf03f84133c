"""The composition root: the only place where settings and objects meet."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

import structlog

from bot.chat.admin import AdminCommands
from bot.chat.commands import ChatCommands
from bot.delivery.smaller_copies import SmallerCopies
from bot.fronts import FrontParts, Fronts
from bot.language.catalogue import load_texts
from bot.parts import limits_of, links_of, moderation_of, workspace_of
from bot.platforms.web.clips import Clips
from bot.platforms.web.identity import Identity
from bot.platforms.web.models import ModelList
from bot.platforms.web.operations import Operations
from bot.platforms.web.page import Page
from bot.platforms.web.remixes import Remixes
from bot.platforms.web.request_body import Reader
from bot.platforms.web.site import WebServer, listen, site
from bot.platforms.web.sse import Streams
from bot.platforms.web.videos import Videos
from bot.runtime.control_socket import Control
from bot.runtime.engine_choice import choose, notice, started_by
from bot.runtime.housekeeping import measure_lag, sweep
from bot.submission.intake import Intake
from bot.submission.remix import Remix
from config.settings import Settings
from generation.dispatch.estimate import Estimator
from generation.dispatch.metrics import Metrics
from generation.dispatch.positions import Positions
from generation.dispatch.service import AnimationService
from generation.dispatch.settling import Settling
from generation.dispatch.standing import FailuresLogged
from generation.dispatch.watchers import Watchers
from generation.dispatch.worker import Worker
from generation.engine.process import EngineProcess
from generation.errors import Misconfigured
from generation.images.intake import PictureIntake
from generation.store.database import Database, InstanceLock, Unwritable
from generation.store.delivery import Deliveries
from generation.store.forgetting import Forgetting
from generation.store.history import History
from generation.store.job_queue import JobQueue
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Admission, Quota
from generation.store.secret import load_secret
from generation.workspace import Workspace

log = structlog.get_logger(__name__)


class Program:
    """Everything `photoplay run` runs, made from the settings and ended in the right order."""

    def __init__(self, settings: Settings, database: Database, workspace: Workspace) -> None:
        self._settings = settings
        choice = choose(settings)
        self._notice = notice(choice)
        self._engines = started_by(choice, settings)
        self._engine = self._engines[0]
        self._workspace = workspace
        self._metrics = Metrics()
        self._moderation = moderation_of(settings, database)
        self._pseudonyms = Pseudonyms(load_secret(workspace.folder / "secret"))
        self._queue = JobQueue(database, pseudonyms=self._pseudonyms)
        self._history = History(database)
        self._watchers = Watchers()
        self._estimator = Estimator()
        self._intake = Intake(PictureIntake(), workspace, self._engine, settings.defaults)
        self._remix = Remix(self._intake, workspace, self._engine)
        self._line = Positions(
            *(self._queue, self._watchers, self._estimator, self._metrics),
            capacity=len(self._engines),
        )
        verdict = Settling(self._queue, self._history, workspace, self._watchers, self._metrics)
        self._workers = [self._make_worker(engine, verdict) for engine in self._engines]
        self._service = self._make_service(database, verdict)
        self._control = Control(
            workspace.folder / "control.sock", self._service, self._queue, self._history
        )
        self._streams = Streams(self._service)
        self._links = links_of(settings, workspace)
        self._chats = self._make_chats(database, SmallerCopies(workspace, choice.signer))

    def _make_worker(self, engine: EngineProcess, verdict: Settling) -> Worker:
        return Worker(
            self._queue,
            engine,
            self._workspace,
            self._watchers,
            self._estimator,
            verdict,
            self._metrics,
        )

    def _make_service(self, database: Database, verdict: Settling) -> AnimationService:
        limits = self._settings.limits
        return AnimationService(
            self._queue,
            self._history,
            Admission(
                Quota(database, pseudonyms=self._pseudonyms),
                limits_of(self._settings),
                limits.exempt,
            ),
            self._workspace,
            self._watchers,
            self._line,
            verdict,
            self._workers,
            engine=self._engine.capabilities.engine,
            forgetting=Forgetting(database, self._pseudonyms),
        )

    def _make_chats(self, database: Database, shrink: SmallerCopies) -> Fronts:
        texts = load_texts()
        operators = AdminCommands(self._service, self._queue, self._history, self._moderation)
        desk = ChatCommands(
            *(self._service, self._intake, self._moderation, self._remix, operators),
            *(self._queue, self._history, texts),
            exempt=self._settings.limits.exempt,
            fps=self._settings.defaults.fps,
        )
        return Fronts(
            self._settings,
            FrontParts(
                *(desk, self._intake, self._service, Deliveries(database)),
                *(self._history, self._workspace, shrink),
                *(self._links, texts),
            ),
        )

    async def run(self, stop: asyncio.Event, hurry: asyncio.Event, ready: ReadyCall) -> None:
        """Serve until `stop`; then give the running job its grace, or none with `hurry`."""
        if self._notice is not None:
            log.warning("weights_missing", notice=self._notice)
        await self._resume()
        try:
            await self._chats.log_in()
            web = self._web_server() if self._settings.web.enabled else None
            await self._intake.start()
            await self._control.open()
            async with asyncio.TaskGroup() as tasks:
                standing = [tasks.create_task(one) for one in self._standing()]
                work = [tasks.create_task(worker.run()) for worker in self._workers]
                if web is not None:
                    tasks.create_task(web.run())
                ready(web.url if web is not None else None, self._engine.capabilities.engine)
                await stop.wait()
                await self._wind_down(web, work, hurry)
                for task in standing:
                    task.cancel()
        finally:
            await self._chats.close()
            for engine in self._engines:
                await engine.close()
            await self._intake.close()
            with FailuresLogged("put_back"):  # the next start does it as well
                await asyncio.shield(self._queue.recover())

    async def _resume(self) -> None:
        """What the last process left: jobs to make again, timings to learn from.

        Raises `Misconfigured`.
        """
        try:
            recovered = await self._queue.recover()
            timings = await self._history.timings(self._engine.capabilities.engine)
        except Unwritable as error:
            raise Misconfigured(f"The database in data_dir cannot be used: {error}.") from None
        if recovered:
            log.info("jobs_recovered", count=recovered)
        for timing in timings:
            self._estimator.learn(timing.cost, timing.seconds)

    def _standing(self) -> list[Coroutine[None, None, None]]:
        """Everything that goes on as long as the program does."""
        return [
            self._line.run(),
            self._control.run(),
            sweep(self._workspace, self._history),
            measure_lag(self._metrics),
            *self._chats.standing(),
        ]

    async def _wind_down(
        self, web: WebServer | None, work: list[asyncio.Task[None]], hurry: asyncio.Event
    ) -> None:
        log.info("stopping", grace=self._settings.run.grace)
        for worker in self._workers:
            worker.stop()
        if web is not None:
            await web.stop()
        hurried = asyncio.create_task(hurry.wait())
        finished = asyncio.gather(*work, return_exceptions=True)
        waits: set[asyncio.Future[Any]] = {finished, hurried}
        await asyncio.wait(
            waits,
            timeout=self._settings.run.grace,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not hurry.is_set():
            await self._chats.finish()
        hurried.cancel()
        finished.cancel()

    def _web_server(self) -> WebServer:
        settings = self._settings.web
        public_url = str(settings.public_url) if settings.public_url else None
        secret = load_secret(self._workspace.folder / "secret")
        secure = public_url is not None and public_url.startswith("https:")
        identity = Identity(settings.api_keys, secret, secure=secure)
        parts = (
            Videos(
                self._service,
                self._intake,
                self._moderation,
                identity,
                self._workspace,
                self._streams,
                Reader(),
            ),
            Remixes(self._service, self._remix, self._moderation, identity, self._workspace),
            ModelList(self._engine, identity, self._notice),
            Operations(identity, self._metrics, self._ready),
            Clips(self._service, self._workspace, self._links),
        )
        app = site(
            [part.router() for part in parts],
            Page(identity),
            version=version("photoplay"),
            hosts=settings.allowed_hosts,
            public_url=public_url,
        )
        listener = listen(settings.host, settings.port)
        return WebServer(app, listener, self._streams, settings.trusted_proxies)

    def _ready(self) -> bool:
        return any(engine.ready for engine in self._engines)


ReadyCall = Callable[[str | None, str], None]
"""Told once that the program serves: the page's address, if there is one, and the engine."""


async def run(settings: Settings, ready: ReadyCall) -> None:
    """Serve until SIGTERM or Ctrl-C; a second one ends the grace. Raises `Misconfigured`."""
    stop, hurry = asyncio.Event(), asyncio.Event()

    def on_signal() -> None:
        (hurry if stop.is_set() else stop).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    os.umask(0o077)
    async with _opened(settings) as (database, workspace):
        await Program(settings, database, workspace).run(stop, hurry, ready)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Database, Workspace]]:
    workspace = workspace_of(settings)
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
