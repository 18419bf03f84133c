"""An engine whose model is told what the prompt help writes, and people what the model was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from generation.engine.cards import CardState
from generation.engine.protocol import Animation, Capabilities, Engine, Report
from generation.notes import Note
from generation.prompts.prompt_help import PromptHelp

SHOWN = 400
"""Characters under a clip; the recipe has all of it."""


class PromptedEngine:
    """`engine` with its prompts written by `prompts`; everything else is its own."""

    def __init__(self, engine: Engine, prompts: PromptHelp) -> None:
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
        text = None
        if self._engine.capabilities.reads_prompts:
            text = await self._prompts.prompt_for(animation.request, animation.image)
        if text is not None:
            animation = replace(animation, prompt=text)
            yield Note("told", prompt=text if len(text) <= SHOWN else f"{text[:SHOWN]}…")
        async with aclosing(self._engine.animate(animation)) as reports:
            async for report in reports:
                yield report

    def drain(self, card: str, *, drained: bool) -> None:
        self._engine.drain(card, drained=drained)

    def leave(self) -> None:
        self._engine.leave()

    async def close(self) -> None:
        await self._prompts.close()
        await self._engine.close()
