"""The way in, put together from the core and the settings that it needs."""

from __future__ import annotations

from bot.submission.admission import Admissions
from bot.submission.exemptions import Exemptions
from bot.submission.films import FilmSubmission
from bot.submission.intake import Intake
from bot.submission.moderation import Moderation
from bot.submission.places import Places
from bot.submission.remix import Remix
from bot.submission.rules import PromptRules
from bot.submission.submit import Submission
from bot.submission.uploads import Uploads
from config.sections import DefaultsSettings, ModerationSettings
from generation.dispatch.core import Core
from generation.images.intake import PictureIntake


def make_moderation(core: Core, settings: ModerationSettings, rules: PromptRules) -> Moderation:
    """`rules` are the settings' own."""
    records = core.store.moderation
    return Moderation(records, rules, blocked=settings.blocked, clock=core.clock)


def make_submission(
    core: Core,
    pictures: PictureIntake,
    moderation: Moderation,
    exemptions: Exemptions,
    defaults: DefaultsSettings,
) -> Submission:
    intake = Intake(pictures, core.workspace, core.offered, defaults)
    remix = Remix(intake, core.workspace, core.offered)
    service, uploads = core.service, Uploads(core.workspace)
    places = Places(core.store.place_settings)
    admissions = Admissions(service, core.offered, moderation, exemptions, uploads, places)
    films = FilmSubmission(service, intake, core.workspace, remix, admissions)
    return Submission(service, intake, remix, admissions, films, core.workspace)
