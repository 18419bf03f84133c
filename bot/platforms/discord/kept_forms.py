"""What was typed into a form that is refused: a button opens it again, filled with that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from discord import ui

from bot.platforms.discord.address import PLATFORM
from bot.platforms.discord.components import edit_again
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import AGAIN, Interaction
from generation.adapter import Adapter
from generation.store.message_references import ChatMessage, MessageReferences

ANYWHERE = 0
"""Interactions have no number twice, and a refusal that comes late is read in another channel."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """`sources` are the pictures to choose from, or those of a film's scenes."""

    custom_id: str
    fields: Mapping[str, str]
    sources: tuple[Source, ...] = ()
    source: int | None = None


KEPT_FORM: Adapter[KeptForm] = Adapter(KeptForm)


class KeptForms:
    """Written down only where something is refused; `/forget` takes it along."""

    def __init__(self, references: MessageReferences) -> None:
        self._references = references

    def keep(self, interaction: Interaction, form: KeptForm, label: str) -> None:
        """From now on whatever refuses this interaction has a button with this `label`."""
        where = ChatMessage(PLATFORM, ANYWHERE, interaction.id)
        about = KEPT_FORM.dump_json(form).decode()

        async def offer() -> ui.View:
            await self._references.remember(where, about, user=str(interaction.user.id))
            return edit_again(interaction.id, label)

        interaction.extras[AGAIN] = offer

    async def of(self, number: int) -> KeptForm | None:
        """What the interaction of this number was refused with; `None` once that is too old."""
        about = await self._references.about(ChatMessage(PLATFORM, ANYWHERE, number))
        return None if about is None else KEPT_FORM.validate_json(about)
