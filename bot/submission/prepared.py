"""The same way in where there is no queue, so no limit and nobody to be blocked."""

from __future__ import annotations

from pathlib import Path

from bot.submission.intake import Intake
from bot.submission.options import ExtraPictures, Options
from bot.submission.returned import ReturnedClips
from bot.submission.rules import PromptRules
from generation.jobs import AnimationRequest


async def prepared(
    intake: Intake, rules: PromptRules, picture: Path, options: Options, extra: ExtraPictures
) -> AnimationRequest:
    """What is refused, in the same order; raises `Rejected` kinds."""
    intake.plan(options, end=extra.end is not None, keyframes=len(extra.keyframes))
    ours = await ReturnedClips(intake.offered).made_of(picture, options)
    words = options if ours is None else ours.options
    rules.check(words.prompt)
    return await intake.accept(picture if ours is None else ours.picture, words, extra)
