"""`/animate`: its options as the contract names them, and what they become."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Command, Range, locale_str

from bot.language.catalogue import Catalogue
from bot.platforms.discord import pictures
from bot.platforms.discord.replies import Replies
from bot.platforms.discord.submit import InteractionSubmission, PictureRequest
from bot.platforms.discord.translation import phrase
from bot.submission.intake import MAX_PROMPT, MAX_SEED
from bot.submission.options import Options
from generation.directions.vocabulary import Effect, Motion
from generation.images.geometry import MAX_FRAMES, MIN_FRAMES

OPTIONS = (
    "image",
    "prompt",
    "motion",
    "effect",
    "seconds",
    "size",
    "negative",
    "seed",
    "steps",
    "guidance",
    "frames",
    "end_image",
)

SECONDS = 60.0
"""More than any clip has: how long it may be depends on the frames a second, which we say."""


def motions(english: Catalogue) -> list[Choice[str]]:
    return [
        Choice(name=phrase(english, f"directions.motion.{one}"), value=one.value) for one in Motion
    ]


def effects(english: Catalogue) -> list[Choice[str]]:
    return [
        Choice(name=phrase(english, f"directions.effect.{one}"), value=one.value) for one in Effect
    ]


def animate(
    submission: InteractionSubmission, replies: Replies, english: Catalogue
) -> Command[Any, ..., None]:
    @app_commands.rename(**_phrases(english, "name"))
    @app_commands.describe(**_phrases(english, "says"))
    @app_commands.choices(motion=motions(english), effect=effects(english))
    async def callback(
        interaction: discord.Interaction,
        image: discord.Attachment,
        prompt: Range[str, 0, MAX_PROMPT] = "",
        motion: str = Motion.AUTO.value,
        effect: str = Effect.AUTO.value,
        seconds: Range[float, 0.1, SECONDS] | None = None,
        size: str = "auto",
        negative: Range[str, 0, MAX_PROMPT] | None = None,
        seed: Range[int, 0, MAX_SEED] | None = None,
        steps: Range[int, 1, 100] | None = None,
        guidance: Range[float, 0.0, 20.0] | None = None,
        frames: Range[int, MIN_FRAMES, MAX_FRAMES] | None = None,
        end_image: discord.Attachment | None = None,
    ) -> None:
        directions = (Motion(motion), Effect(effect), seconds, frames)
        model = (steps, guidance)
        options = Options(prompt, negative, *directions, None, size, seed, *model)
        await _submit(submission, replies, interaction, image, options, end_image)

    description = phrase(english, "discord.command.animate")
    return Command(name="animate", description=description, callback=callback)


def _phrases(english: Catalogue, part: str) -> dict[str, locale_str]:
    return {name: phrase(english, f"discord.option.{name}.{part}") for name in OPTIONS}


async def _submit(
    submission: InteractionSubmission,
    replies: Replies,
    interaction: discord.Interaction,
    image: discord.Attachment,
    options: Options,
    end: discord.Attachment | None,
) -> None:
    async with replies.to(interaction):
        catalogue = replies.catalogue(interaction)
        pictures.check(image, catalogue)
        if end is not None:
            pictures.check(end, catalogue)
        last = pictures.of_attachment(end) if end is not None else None
        request = PictureRequest(pictures.of_attachment(image), options, last)
        await submission.animate(interaction, request)
