"""From bytes and words to a request that an engine can be given, or a sentence why not."""

from __future__ import annotations

import secrets
import unicodedata
from pathlib import Path
from typing import Literal, Protocol

from bot.wish import Words
from config.sections import DefaultsSettings
from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Capabilities
from generation.errors import InvalidPrompt, UnsupportedOption
from generation.images.geometry import (
    MAX_FRAMES,
    MIN_FRAMES,
    Size,
    check_fps,
    check_frames,
    duration_sentence,
    fit,
    frames_for,
    parse_size,
)
from generation.images.intake import Picture, PictureIntake
from generation.jobs import AnimationRequest
from generation.workspace import Workspace

MAX_PROMPT = 2000
"""Characters of a prompt; also of a negative one."""

AREA = 704 * 480
"""Pixels that an automatic size may have."""

MAX_SEED = 2**31 - 1
"""Every random generator an engine may use takes this much."""


class _Knowing(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...


class Intake:
    """`defaults` are what holds where nobody says otherwise."""

    def __init__(
        self,
        pictures: PictureIntake,
        workspace: Workspace,
        engine: _Knowing,
        defaults: DefaultsSettings,
    ) -> None:
        self._pictures = pictures
        self._workspace = workspace
        self._engine = engine
        self._defaults = defaults

    @property
    def models(self) -> frozenset[str]:
        """Names under which the engine may be asked for."""
        return frozenset({self._engine.capabilities.engine, self._engine.capabilities.model})

    @property
    def capabilities(self) -> Capabilities:
        """What the engine can be asked for."""
        return self._engine.capabilities

    async def start(self) -> None:
        await self._pictures.start()

    async def close(self) -> None:
        await self._pictures.close()

    async def accept(self, picture: bytes | Path, words: Words) -> AnimationRequest:
        """Words first, since they cost nothing; the picture then lies in the workspace.

        Raises `Rejected` kinds.
        """
        prompt = _text(words.prompt, "prompt")
        negative = _text(words.negative_prompt or "", "negative_prompt")
        self.check_supported(words)
        fps = check_fps(words.fps if words.fps is not None else self._defaults.fps)
        frames = self._frames(words, fps)
        asked = parse_size(words.size if words.size != "auto" else self._defaults.size)
        seed = _within(words.seed, 0, MAX_SEED, "seed")
        taken = await self._pictures.take(picture, self._workspace.inputs)
        size = _size(taken, asked)
        return AnimationRequest(
            prompt=prompt,
            image=taken.name,
            width=size.width,
            height=size.height,
            num_frames=frames,
            fps=fps,
            seed=secrets.randbelow(MAX_SEED + 1) if seed is None else int(seed),
            motion=words.motion,
            effect=words.effect,
            negative_prompt=negative,
            num_inference_steps=words.num_inference_steps,
            guidance_scale=words.guidance_scale,
            strength=words.strength,
            notes=(f"{duration_sentence(frames, fps)}.",),
        )

    def _frames(self, words: Words, fps: int) -> int:
        if words.num_frames is not None and words.seconds is not None:
            raise UnsupportedOption("Give seconds or num_frames, not both.", "num_frames")
        if words.num_frames is not None:
            return check_frames(words.num_frames)
        if words.seconds is not None:
            return frames_for(words.seconds, fps)
        return frames_for(min(max(self._defaults.seconds, MIN_FRAMES / fps), MAX_FRAMES / fps), fps)

    def check_supported(self, words: Words) -> None:
        """Raises `UnsupportedOption` for what the engine lacks or a number out of range."""
        known = self._engine.capabilities
        if words.motion is not Motion.AUTO and words.motion not in known.motions:
            raise _unsupported("motion", words.motion, sorted(known.motions), known.engine)
        if words.effect is not Effect.NONE and words.effect not in known.effects:
            raise _unsupported("effect", words.effect, sorted(known.effects), known.engine)
        for name, value in (
            ("negative_prompt", words.negative_prompt or None),
            (
                "num_inference_steps",
                _within(words.num_inference_steps, 1, 100, "num_inference_steps"),
            ),
            ("guidance_scale", _within(words.guidance_scale, 0, 20, "guidance_scale")),
            ("strength", _within(words.strength, 0, 1, "strength")),
        ):
            if value is not None and name not in known.options:
                raise UnsupportedOption(
                    f"The {known.engine} engine has no {name}; leave it out.", name
                )


def _text(text: str, name: str) -> str:
    """Text as it is shown and given to a model: no control characters, one kind of space."""
    if len(text) > MAX_PROMPT:
        raise InvalidPrompt(
            f"The {name.replace('_', ' ')} has {len(text)} characters; {MAX_PROMPT} is the most."
        )
    plain = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)
    return " ".join(plain.split())


def _within(value: float | None, low: float, high: float, name: str) -> float | None:
    if value is None or low <= value <= high:
        return value
    raise UnsupportedOption(f"{name} has to be from {low} to {high}.", name)


def _size(picture: Picture, asked: Size | Literal["auto"]) -> Size:
    if asked == "auto":
        return fit(picture.width, picture.height, AREA)
    return asked


def _unsupported(name: str, value: str, known: list[str], engine: str) -> UnsupportedOption:
    there = f"there is {', '.join(known)}" if known else "there is none"
    return UnsupportedOption(f"The {engine} engine has no {name} {value}; {there}.", name)
