"""Our own loop for LTX-Video: diffusers' two classes bit by bit, and what they cannot.

A step may have a guidance of its own, or none; places are embedded once; a run may start from the
latents of a smaller one. The preparation stays diffusers' (0.42): encoding, masks, places, noise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch

from generation.pipelines.ltx.embedded_once import levels_once, places_once
from generation.pipelines.ltx.guidance import Guidance
from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.skipped_attention import skipped
from generation.pipelines.ltx.text_encoding import Encoded

Rows = torch.Tensor
"""An answer a row, in the order of `Words.rows`."""


@dataclass(frozen=True, slots=True)
class Words:
    """Rows of prompts, as a step's guidance wants them; each kind of batch is put together once."""

    positive: Encoded
    negative: Encoded | None
    device: torch.device
    _known: dict[tuple[bool, bool], tuple[torch.Tensor, torch.Tensor]] = field(default_factory=dict)

    def rows(self, guidance: Guidance) -> tuple[torch.Tensor, torch.Tensor]:
        """Without words, with them, and with them for skipped attention: embeddings and masks."""
        kind = (self.guides(guidance), guidance.by_skipping)
        if kind not in self._known:
            parts = [self.positive] * (1 + kind[1])
            if kind[0] and self.negative is not None:
                parts = [self.negative, *parts]
            embeds = torch.cat([part.embeds for part in parts]).to(self.device)
            self._known[kind] = embeds, torch.cat([part.mask for part in parts]).to(self.device)
        return self._known[kind]

    def guides(self, guidance: Guidance) -> bool:
        return guidance.by_words and self.negative is not None


@dataclass(frozen=True, slots=True)
class Steering:
    """What the steps of one run are steered by. `distinct` embeds each noise level once."""

    words: Words
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """How the transformer is told its places: by `sizes` of the latents, or by `places` (1, …)."""

    sizes: dict[str, Any] = field(default_factory=dict)
    places: torch.Tensor | None = None

    def of(self, rows: int) -> dict[str, Any]:
        if self.places is None:
            return self.sizes
        return {"video_coords": torch.cat([self.places] * rows) if rows > 1 else self.places}


@dataclass(frozen=True, slots=True)
class Steered:
    """The transformer of one run, its prompts and places."""

    pipe: Pipe
    steering: Steering
    grid: Grid

    def says(self, latents: torch.Tensor, timestep: torch.Tensor, guidance: Guidance) -> Rows:
        """For latents (1, cells, channels), whose cells are at `timestep` (1, cells) of a
        thousand.
        """
        words = self.steering.words
        embeds, mask = words.rows(guidance)
        rows = len(embeds)
        with ExitStack() as stack:
            stack.enter_context(self.pipe.transformer.cache_context("cond_uncond"))
            if guidance.by_skipping:
                stack.enter_context(skipped(self.pipe.transformer, guidance.blocks))
            said: torch.Tensor = self.pipe.transformer(
                hidden_states=_rows(latents, rows).to(embeds.dtype),
                encoder_hidden_states=embeds,
                timestep=_rows(timestep, rows),
                encoder_attention_mask=mask,
                **self.grid.of(rows),
                return_dict=False,
            )[0]
        return said


def _rows(tensor: torch.Tensor, count: int) -> torch.Tensor:
    return torch.cat([tensor] * count) if count > 1 else tensor


@contextmanager
def prepared(transformer: Any, levels: torch.Tensor, steering: Steering) -> Iterator[None]:
    """For one run; `levels` (1, cells) tells which cells are kept, and how strongly."""
    with ExitStack() as stack:
        stack.enter_context(places_once(transformer))
        if steering.distinct:
            stack.enter_context(levels_once(transformer, levels))
        yield


def guided(
    said: Rows, guidance: Guidance, rescaled: Callable[..., torch.Tensor], *, words: bool
) -> torch.Tensor:
    """One answer of the rows of `said`, in the order of `Words.rows`."""
    rows = list(said.chunk(len(said)))
    worse = rows.pop() if guidance.by_skipping else None
    text = rows[-1]
    result = text
    if words:
        without = _star(rows[0], text) if guidance.star else rows[0]
        result = without + guidance.scale * (text - without)
    if worse is not None:
        result = result + guidance.skipping * (text - worse)
    if guidance.rescale > 0 and len(said) > 1:
        result = rescaled(result, text, guidance_rescale=guidance.rescale)
    return result


def _star(without: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
    """As long as what both have in common (CFG-zero*'s projection)."""
    common = (text * without).sum() / ((without**2).sum() + 1e-8)
    return common * without
