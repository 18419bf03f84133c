"""What a model is told instead of the bare words: chosen, checked, and never a reason to fail."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from generation.directions.parse import directions_for
from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Capabilities
from generation.jobs import AnimationRequest
from generation.media.errors import EncodingFailed
from generation.prompts.answer_check import checked
from generation.prompts.answer_people import check_people
from generation.prompts.answer_wishes import kept_to
from generation.prompts.errors import NotWritten
from generation.prompts.template import said_of, templated

if TYPE_CHECKING:
    from generation.prompts.chat_endpoint import ChatEndpoint

log = structlog.get_logger(__name__)

REMEMBERED = 64
"""Prompts that are written or being written; a job asks for its own once more after a crash."""

REST = 60.0
"""Seconds without asking after an endpoint failed: the card must not wait for it every time."""

Wish = tuple[str, Motion, Effect, str]
"""Of what a prompt is made: the words, what was chosen by name, the picture."""

MOST_WORDS = 120
"""LTX-Video's authors have shorter prompts written anew, and theirs are about as long."""

OURS = 30
"""Tokens that may be added to an answer: how lively it is, and a sentence or two on the camera."""

PER_WORD = 1.4
"""Tokens of English prose in T5's and Gemma's vocabularies, punctuation included; with a margin."""

SHOWN = 512
"""Pixels of the longer side of a picture that a language model looks at."""


def words_within(tokens: int) -> int:
    """How long an answer may be for a model that reads so many."""
    return max(min(MOST_WORDS, int((tokens - OURS) / PER_WORD)), 1)


class PromptHelp:
    """`endpoint`: `None` for the template alone; `allowed`: whether a text may be shown to people.

    `now` in seconds, steadily.
    """

    def __init__(
        self,
        endpoint: ChatEndpoint | None = None,
        *,
        allowed: Callable[[str], bool] = lambda _: True,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint
        self._allowed = allowed
        self._now = now
        self._rests_until = -REST
        self._words = MOST_WORDS
        self._written: OrderedDict[Wish, asyncio.Task[str]] = OrderedDict()

    @property
    def takes_time(self) -> bool:
        return self._endpoint is not None

    def is_read_by(self, model: Capabilities) -> None:
        """No more is asked for than the model that reads least can take in."""
        if model.prompt_tokens is not None:
            self._words = min(self._words, words_within(model.prompt_tokens))

    def begin(self, request: AnimationRequest, picture: Path) -> None:
        """Write it before it is needed, so that no card waits for it."""
        if request.enhance:
            self._task(request, picture)

    async def prompt_for(self, request: AnimationRequest, picture: Path) -> str | None:
        """`None` where the person wants their own words and no others."""
        if not request.enhance:
            return None
        return await asyncio.shield(self._task(request, picture))

    async def close(self) -> None:
        """Nothing is asked afterwards."""
        tasks = list(self._written.values())
        self._written.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _task(self, request: AnimationRequest, picture: Path) -> asyncio.Task[str]:
        wish = request.prompt, request.motion, request.effect, request.image
        task = self._written.get(wish)
        if task is None:
            task = self._written[wish] = asyncio.create_task(self._write(request, picture))
            while len(self._written) > REMEMBERED:
                self._written.popitem(last=False)
        return task

    async def _write(self, request: AnimationRequest, picture: Path) -> str:
        if self._endpoint is not None and self._now() >= self._rests_until:
            try:
                return await self._asked(self._endpoint, request, picture)
            except NotWritten as error:
                log.warning("prompt_not_written", reason=str(error))
        return templated(request.prompt, request.motion, request.effect)

    async def _asked(self, endpoint: ChatEndpoint, request: AnimationRequest, picture: Path) -> str:
        words = request.prompt
        shown = await self._shown(request, picture) if endpoint.sees else None
        if not words and shown is None:
            raise NotWritten("no words, and no picture shown")
        chosen = " ".join(said_of(directions_for("", request.motion, request.effect)))
        try:
            answer = await endpoint.write(words, chosen, shown, most_words=self._words)
        except NotWritten:
            self._rests_until = self._now() + REST
            raise
        text = checked(answer, f"{words} {chosen}")
        if shown is None:  # else they may be in the picture
            check_people(text, words)
        text = kept_to(text, words, request.motion, request.effect)
        if not self._allowed(text):
            raise NotWritten("a blocked word")
        return text

    async def _shown(self, request: AnimationRequest, picture: Path) -> bytes | None:
        from generation.media.stills import poster  # brings ffmpeg, which few programs need here

        scale = SHOWN / max(request.width, request.height)
        width, height = (max(2, round(side * scale)) for side in (request.width, request.height))
        try:
            return await asyncio.to_thread(poster, picture, width, height)
        except EncodingFailed:
            return None
