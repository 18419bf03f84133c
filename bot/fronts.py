"""Everything people meet, made of the core: the page, and the chats that have a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.assembly import chat_commands
from bot.chat_fronts import ChatFronts
from bot.delivery.links import Links
from bot.delivery.smaller_copies import SmallerCopies
from bot.language.catalogue import load_texts
from bot.platforms.notices import DownloadOffer, Notices
from bot.platforms.parts import ChatParts
from bot.runtime.engine_choice import Choice, notice
from bot.submission.assembly import make_moderation, make_submission
from bot.submission.exemptions import Exemptions
from bot.submission.moderation import Moderation
from bot.submission.rules import PromptRules
from config.sections import WebSettings
from config.settings import Settings
from generation.dispatch.core import Core
from generation.images.intake import PictureIntake

if TYPE_CHECKING:
    from bot.platforms.web.site import WebServer


class Fronts:
    """On one queue, with one way in; `rules` are those of `settings`."""

    def __init__(
        self,
        settings: Settings,
        choice: Choice,
        core: Core,
        pictures: PictureIntake,
        rules: PromptRules,
    ) -> None:
        self._settings = settings
        self._choice = choice
        self._core = core
        self._texts = load_texts()
        self._links = links_of(settings.web, core)
        moderation = make_moderation(core, settings.moderation, rules)
        exemptions = Exemptions(settings.limits.exempt, web=not settings.web.api_keys)
        self._submission = make_submission(
            core, pictures, moderation, exemptions, settings.defaults
        )
        self.chats = self._chat_fronts(moderation)

    def _chat_fronts(self, moderation: Moderation) -> ChatFronts:
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
            workspace=core.workspace,
            smaller=SmallerCopies(core.workspace, self._choice.signer).smaller,
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

    def web(self) -> WebServer | None:
        """`None` where it is turned off; raises `Misconfigured`."""
        settings = self._settings
        if not settings.web.enabled:
            return None
        from bot.platforms.web.assembly import web_server  # it costs time and memory

        return web_server(
            settings.web,
            settings.webhooks.allowed_hosts,
            self._core,
            self._submission,
            self._links,
            self._texts,
            Notices(notice(self._choice), _offer(self._choice), self.chats.stopped),
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
