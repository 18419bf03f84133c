"""An engine whose model is told what the prompt help writes, and people what the model was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from generation.directions.sentences import effective_prompt, lively
from generation.engine.cards import CardState
from generation.engine.protocol import Animation, Capabilities, Done, Engine, Report
from generation.notes import Note
from generation.prompts.prompt_help import PromptHelp

SHOWN = 400
"""Characters under a clip; the recipe has all of it."""


class PromptedEngine:
    """`engine` with its prompts written by `prompts`, which `None` leaves to the person.

    Everything else is its own.
    """

    def __init__(self, engine: Engine, prompts: PromptHelp | None) -> None:
        self._engine = engine
        self._prompts = prompts

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def changed(self) -> asyncio.Event:
        return self._engine.changed

    @property
    def capabilities(self) -> Capabilities:
        return self._engine.capabilities

    @property
    def capacity(self) -> int:
        return self._engine.capacity

    @property
    def cards(self) -> Sequence[CardState]:
        return self._engine.cards

    @property
    def ready(self) -> bool:
        return self._engine.ready

    async def start(self) -> None:
        await self._engine.start()

    async def animate(self, animation: Animation) -> AsyncGenerator[Report]:
        told: Note | None = None
        if self._engine.capabilities.reads_prompts:
            text = await self._text(animation)
            animation = replace(animation, prompt=text)
            told = _told(text, animation.request.prompt)
        async with aclosing(self._engine.animate(animation)) as reports:
            async for report in reports:
                if isinstance(report, Done) and told is not None:
                    yield told
                yield report

    async def _text(self, animation: Animation) -> str:
        """All that the model is told, so that people and the recipe are told the same."""
        request, text = animation.request, None
        if self._prompts is not None:
            text = await self._prompts.prompt_for(request, animation.image)
        if text is None:
            text = effective_prompt(request.prompt, request.motion, request.effect)
        return lively(text, request.motion_strength)

    def drain(self, card: str, *, drained: bool) -> None:
        self._engine.drain(card, drained=drained)

    def leave(self) -> None:
        self._engine.leave()

    async def close(self) -> None:
        if self._prompts is not None:
            await self._prompts.close()
        await self._engine.close()


def _told(text: str, words: str) -> Note | None:
    """Nobody needs to be told their own words."""
    if text.strip() == words.strip():
        return None
    return Note("told", prompt=text if len(text) <= SHOWN else f"{text[:SHOWN]}…")
