"""`/animate`: the contract's options, as far as the engine has them, and what they become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
from discord.app_commands import Choice, Command, Range

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.platforms.discord import pictures
from bot.platforms.discord.choices import FIELDS, degrees, kinds, lengths, size_of, sizes
from bot.platforms.discord.clip_requests import PictureRequest
from bot.platforms.discord.dressing import Dressing, dressed
from bot.platforms.discord.replies import Interaction, Replies
from bot.platforms.discord.submit import InteractionSubmission
from bot.platforms.discord.translation import phrase
from bot.submission.intake import MAX_PROMPT, MAX_SEED
from bot.submission.options import Options
from bot.submission.supported import VARIATIONS
from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Capabilities
from generation.images.geometry import MAX_FRAMES, MIN_FRAMES

OPTIONS: dict[str, Any] = {
    "image": discord.Attachment,
    "prompt": Range[str, 0, MAX_PROMPT],
    "motion": str,
    "effect": str,
    "motion_strength": int,
    "seconds": Range[float, 0.1, 3600.0],
    "size": Range[str, 1, 40],
    "negative": Range[str, 0, MAX_PROMPT],
    "seed": Range[int, 0, MAX_SEED],
    "steps": Range[int, 1, 100],
    "guidance": Range[float, 0.0, 20.0],
    "frames": Range[int, MIN_FRAMES, MAX_FRAMES],
    "end_image": discord.Attachment,
    "draft": bool,
    "variations": int,
}
"""In the order of the contract, with what each takes."""


class AnimateCommand:
    """`capabilities` are those of the engine that serves now; they may change with it."""

    def __init__(
        self,
        submission: InteractionSubmission,
        replies: Replies,
        capabilities: Callable[[], Capabilities],
    ) -> None:
        self._submission = submission
        self._replies = replies
        self._capabilities = capabilities

    def command(self, english: Catalogue) -> Command[Any, ..., None]:
        """With the options that are not always refused."""
        known = self._capabilities()
        names = option_names(known)
        chosen: dict[str, list[Choice[Any]]] = {
            "motion": kinds(english, "motion", Motion, known),
            "effect": kinds(english, "effect", Effect, known),
            "motion_strength": degrees(english),
            "variations": [Choice(name=str(one), value=one) for one in VARIATIONS],
        }
        dressing = Dressing(
            kinds={name: OPTIONS[name] for name in names},
            called={name: phrase(english, f"discord.option.{name}.name") for name in names},
            told={name: phrase(english, f"discord.option.{name}.says") for name in names},
            choices={name: choices for name, choices in chosen.items() if name in names},
            needed=frozenset({"image"}),
        )
        command = dressed("animate", english, dressing, self._submit)
        command.autocomplete("size")(self._sizes)
        command.autocomplete("seconds")(self._lengths)
        return command

    async def _sizes(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        return sizes(typed, self._replies.catalogue(interaction))

    async def _lengths(self, interaction: discord.Interaction, typed: Any) -> list[Choice[float]]:
        catalogue = self._replies.catalogue(interaction)
        return lengths(str(typed), self._capabilities().defaults.fps, catalogue)

    async def _submit(self, interaction: Interaction, given: dict[str, Any]) -> None:
        async with self._replies.to(interaction):
            catalogue = self._replies.catalogue(interaction)
            image, end = given.pop("image"), given.pop("end_image", None)
            pictures.check(image, catalogue, clips=True)
            last = None
            if end is not None:
                pictures.check(end, catalogue)
                last = pictures.of_attachment(end)
            request = PictureRequest(
                pictures.of_attachment(image), _options(given, catalogue), last
            )
            await self._submission.animate(interaction, request)


def option_names(known: Capabilities) -> list[str]:
    """Those of `OPTIONS` that an engine has."""
    lacking = {"negative": "negative_prompt", "steps": "num_inference_steps"}
    lacking |= {"guidance": "guidance_scale", "end_image": "end_image"}
    lacking |= {"motion_strength": "motion_strength"}
    gone = {name for name, field in lacking.items() if field not in known.options}
    gone |= {"motion"} - ({"motion"} if known.motions else set())
    gone |= {"effect"} - ({"effect"} if known.effects else set())
    return [name for name in OPTIONS if name not in gone]


def _options(given: dict[str, Any], catalogue: Catalogue) -> Options:
    """Raises `UserError` for a choice that an older version offered."""
    fields = {FIELDS[name]: value for name, value in given.items() if value is not None}
    if "size" in fields:
        fields["size"] = size_of(fields["size"], catalogue)
    try:
        for name, kind in (("motion", Motion), ("effect", Effect)):
            if name in fields:
                fields[name] = kind(fields[name])
    except ValueError:
        raise UserError(catalogue.say("discord.answer.outdated")) from None
    return Options(**fields)
