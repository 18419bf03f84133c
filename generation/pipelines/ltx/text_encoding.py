"""Words as the model reads them: encoded once, remembered, and counted."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import torch

from generation.directions.vocabulary import Directions
from generation.notes import Note, told
from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.profiles import Profile
from generation.prompts.fitting import fitted

ROOM = 512 * 2**20
"""Bytes of remembered prompts: T5 needs 1 or 2 MB for one, Gemma's 49 layers 385 MB."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """`embeds` (1, tokens, channels), `mask` (1, tokens): what the text encoder made of it, kept on
    the host: what is remembered takes no memory from the model.
    """

    embeds: torch.Tensor
    mask: torch.Tensor

    @property
    def bytes(self) -> int:
        return self.embeds.nbytes + self.mask.nbytes


class PromptEncoder:
    """Remembers what was encoded last; the profile's negative prompt is never forgotten."""

    def __init__(self, pipe: Pipe, profile: Profile, *, keep: str, room: int = ROOM) -> None:
        self._pipe = pipe
        self._tokens = profile.tokens
        self._keep = keep
        self._room = room
        self._known: OrderedDict[str, Encoded] = OrderedDict()

    def encoded(self, text: str) -> Encoded:
        if text not in self._known:
            self._known[text] = self._encode(text)
            self._forget(text)
        self._known.move_to_end(text)
        return self._known[text]

    def read_of(self, text: str, asked: Directions) -> tuple[str, list[Note]]:
        """As much of it as the model reads, and what the person is told where that is not all."""
        said = fitted(text, asked, lambda shorter: self._count(shorter) <= self._tokens)
        if said.text == text:
            return text, []
        cut = Note("prompt_cut", tokens=self._count(text), most=self._tokens)
        return said.text, [told(said.text), *([cut] if said.left_out else [])]

    def _count(self, text: str) -> int:
        return len(self._pipe.tokenizer(text).input_ids)

    def _encode(self, text: str) -> Encoded:
        with torch.no_grad():
            embeds, mask, _, _ = self._pipe.encode_prompt(
                text, do_classifier_free_guidance=False, max_sequence_length=self._tokens
            )
        return Encoded(embeds.cpu(), mask.cpu())

    def _forget(self, newest: str) -> None:
        for text in list(self._known):
            if sum(known.bytes for known in self._known.values()) <= self._room:
                return
            if text not in (self._keep, newest):
                del self._known[text]
