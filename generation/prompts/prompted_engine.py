"""An engine whose model is told what the prompt help writes, and people what the model was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from generation.directions.sentences import effective_prompt, lively
from generation.engine.cards import CardState
from generation.engine.protocol import Animation, Capabilities, Done, Engine, Report
from generation.notes import TOLD, Note, told
from generation.prompts.prompt_help import PromptHelp


class PromptedEngine:
    """`engine` with its prompts written by `prompts`, which `None` leaves to the person.

    Everything else is its own.
    """

    def __init__(self, engine: Engine, prompts: PromptHelp | None) -> None:
        self._engine = engine
        self._prompts = prompts
        self._say_how_much_is_read()

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
        self._say_how_much_is_read()

    async def animate(self, animation: Animation) -> AsyncGenerator[Report]:
        said: Note | None = None
        if self._engine.capabilities.reads_prompts:
            text = await self._text(animation)
            animation = replace(animation, prompt=text)
            if text.strip() != animation.request.prompt.strip():  # nobody is told their own words
                said = told(text)
        async with aclosing(self._engine.animate(animation)) as reports:
            async for report in reports:
                if isinstance(report, Done) and said is not None:
                    yield said
                if isinstance(report, Note) and report.code == TOLD:
                    said = report  # it had no room for all of it
                else:
                    yield report

    def _say_how_much_is_read(self) -> None:
        if self._prompts is not None:
            self._prompts.is_read_by(self._engine.capabilities)

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
