"""The parts of the web front, put together from the core and the way in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from importlib.metadata import version

from bot.delivery.links import Links
from bot.language.catalogue import Texts
from bot.platforms.notices import Notices
from bot.platforms.web.account import Account
from bot.platforms.web.clips import Clips
from bot.platforms.web.content import Content
from bot.platforms.web.directions import Understanding
from bot.platforms.web.events import Events
from bot.platforms.web.identity import Identity
from bot.platforms.web.models import ModelList
from bot.platforms.web.operations import Operations
from bot.platforms.web.own_videos import OwnVideos
from bot.platforms.web.page import Page
from bot.platforms.web.recipes import Recipes
from bot.platforms.web.remixes import Remixes
from bot.platforms.web.request_body import Reader
from bot.platforms.web.site import WebServer, listen, site
from bot.platforms.web.sse import Streams
from bot.platforms.web.videos import Videos
from bot.platforms.web.webhook_sender import Post, WebhookSender, shown_in
from bot.platforms.web.webhooks import Webhooks
from bot.submission.submit import Submission
from config.sections import WebSettings
from generation.dispatch.core import Core


def web_server(
    settings: WebSettings,
    webhook_hosts: Collection[str],
    core: Core,
    submission: Submission,
    links: Links,
    texts: Texts,
    notices: Notices,
) -> WebServer:
    """`webhook_hosts` are `webhooks.allowed_hosts`; raises `Misconfigured`."""
    public_url = str(settings.public_url) if settings.public_url else None
    secure = public_url is not None and public_url.startswith("https:")
    listener = listen(settings.host, settings.port)
    port = listener.getsockname()[1]
    identity = Identity(settings.api_keys, core.secret, port=port, secure=secure)
    streams = Streams(core.service, clock=core.clock)
    webhooks = Webhooks(webhook_hosts, core.secret)
    parts = (
        *_of_videos(core, submission, identity, webhooks),
        Events(core.service, identity, streams),
        _models(core, submission, identity, notices),
        Account(core.store.history, submission, identity, webhooks),
        Understanding(identity),
        _operations(core, identity, notices.stopped),
        Clips(core.service, core.workspace, links, identity),
    )
    app = site(
        [part.router() for part in parts],
        Page(identity),
        version=version("photoplay"),
        hosts=settings.allowed_hosts,
        public_url=public_url,
        texts=texts,
    )
    sender = _webhook_sender(core, webhooks, texts)
    return WebServer(app, listener, streams, settings.trusted_proxies, beside=sender.run)


def _webhook_sender(core: Core, webhooks: Webhooks, texts: Texts) -> WebhookSender:
    shown = shown_in(texts.of(None), keep_clips=core.workspace.keep_clips)
    deliveries, opened = core.store.deliveries, _posting(webhooks)
    return WebhookSender(webhooks, core.service, deliveries, shown, opened, clock=core.clock)


def _posting(webhooks: Webhooks) -> Callable[[], AbstractAsyncContextManager[Post | None]]:
    if not webhooks.wanted:
        return nullcontext
    from bot.platforms.web.webhook_post import posting  # its library costs time and memory

    return partial(posting, webhooks.reach)


def _models(core: Core, submission: Submission, identity: Identity, notices: Notices) -> ModelList:
    history, estimate = core.store.history, lambda: usual(core, submission)
    return ModelList(core.offered, core.workers, history, identity, estimate, notices)


def usual(core: Core, submission: Submission) -> float | None:
    """Seconds that a clip takes about which nobody says anything."""
    return core.positions.alone(submission.usual_cost)


def _of_videos(
    core: Core, submission: Submission, identity: Identity, webhooks: Webhooks
) -> tuple[OwnVideos, Videos, Content, Remixes, Recipes]:
    service, workspace, reader = core.service, core.workspace, Reader()
    return (
        OwnVideos(service, identity, workspace),
        Videos(service, submission, identity, workspace, reader, webhooks),
        Content(service, identity, workspace),
        Remixes(service, submission, identity, workspace, reader),
        Recipes(service, submission, identity, reader),
    )


def _operations(core: Core, identity: Identity, stopped: Mapping[str, str]) -> Operations:
    return Operations(
        identity,
        core.observers.metrics,
        lambda: core.workers.ready,
        lambda: core.breaker.problem,
        stopped,
    )
