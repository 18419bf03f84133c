"""The parts that need nothing but the settings and a place for their data."""

from __future__ import annotations

from bot.delivery.links import Links
from bot.submission.moderation import Moderation
from config.settings import Settings
from generation.store.database import Database
from generation.store.moderation import ModerationRecords
from generation.store.quota import Limits
from generation.store.secret import load_secret
from generation.workspace import Workspace


def workspace_of(settings: Settings) -> Workspace:
    return Workspace(
        settings.data_dir,
        keep_inputs=settings.storage.keep_inputs_hours * 3600.0,
        keep_clips=settings.storage.keep_clips_days * 86400.0,
    )


def moderation_of(settings: Settings, database: Database) -> Moderation:
    rules = settings.moderation
    return Moderation(
        ModerationRecords(database),
        words=rules.blocked_words,
        patterns=rules.blocked_patterns,
        blocked=rules.blocked,
    )


def links_of(settings: Settings, workspace: Workspace) -> Links:
    web = settings.web
    url = str(web.public_url) if web.enabled and web.public_url is not None else None
    return Links(url, load_secret(workspace.folder / "secret"), valid_for=workspace.keep_clips)


def limits_of(settings: Settings) -> Limits:
    limits = settings.limits
    return Limits(limits.queued_per_user, limits.per_hour, limits.per_day, limits.queue_size)
