"""What a model says with the attention of a few blocks skipped: the worse answer to steer from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch


class ValuesAlone:
    """In place of a block's processor: the last row of the batch sees itself alone."""

    def __init__(self, usual: Any) -> None:
        self.usual = usual

    def __call__(
        self,
        attn: Any,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        image_rotary_emb: tuple[torch.Tensor, torch.Tensor] | None = None,
    ) -> torch.Tensor:
        """The names are diffusers': it looks them up."""
        rotary = image_rotary_emb and tuple(part[:-1] for part in image_rotary_emb)
        others = self.usual(attn, hidden_states[:-1], image_rotary_emb=rotary)
        values = attn.to_v(hidden_states[-1:])
        alone: torch.Tensor = attn.to_out[1](attn.to_out[0](values))
        return torch.cat([others, alone])


@contextmanager
def skipped(transformer: Any, blocks: Sequence[int]) -> Iterator[None]:
    """For the last row of each batch; a model of fewer blocks skips its last one."""
    found = transformer.transformer_blocks
    attentions = [found[min(block, len(found) - 1)].attn1 for block in dict.fromkeys(blocks)]
    usual = [attention.processor for attention in attentions]
    for attention, processor in zip(attentions, usual, strict=True):
        attention.processor = ValuesAlone(processor)
    try:
        yield
    finally:
        for attention, processor in zip(attentions, usual, strict=True):
            attention.processor = processor
