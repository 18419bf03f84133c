"""Words are encoded once; the text encoder is asked again only for what was forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generation.directions.vocabulary import Effect, Motion
from generation.notes import Note
from generation.prompts.template import templated
from tests.generation.pipelines.ltx.conftest import KINDS
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, asked
from tests.generation.pipelines.ltx.test_session import good

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session

pytestmark = MODEL_MARKS


class Counter:
    """How often the text encoder ran, until closed."""

    def __init__(self, session: Session) -> None:
        self.calls = 0
        self._hook = session.pipe.text_encoder.register_forward_hook(self._count)

    def _count(self, *_: object) -> None:
        self.calls += 1

    def close(self) -> None:
        self._hook.remove()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_words_are_encoded_once(
    kind: str, session: Callable[[str], Session], tmp_path: Path
) -> None:
    counter = Counter(session(kind))
    session(kind).render(asked(tmp_path, prompt=f"a fox, {kind}"), Recorder(), good)
    once = counter.calls
    session(kind).render(asked(tmp_path, prompt=f"a fox, {kind}", seed=9), Recorder(), good)
    counter.close()
    assert 1 <= once <= 2  # the negative prompt may have been new as well
    assert counter.calls == once


def test_a_prompt_longer_than_the_model_reads_is_said_to_be(
    session: Callable[[str], Session], tmp_path: Path
) -> None:
    stage = Recorder()
    session("first").render(asked(tmp_path, prompt="fox, " * 60), stage, good)
    read, cut = stage.notes
    assert cut == Note("prompt_cut", tokens=cut.facts["tokens"], most=128)
    assert read == Note("told", prompt=stage.prompts[0])
    assert len(session("first").pipe.tokenizer(stage.prompts[0]).input_ids) <= 128


def test_what_is_cut_of_a_long_prompt_is_never_the_camera_or_the_weather(
    session: Callable[[str], Session], tmp_path: Path
) -> None:
    stage = Recorder()
    wish = asked(tmp_path, prompt="", motion=Motion.PAN_LEFT, effect=Effect.SNOW)
    told = templated("", Motion.PAN_LEFT, Effect.SNOW)
    session("first").render(replace(wish, prompt=told), stage, good)
    assert stage.prompts[0].endswith("The camera pans slowly to the left. It begins to snow.")
    assert [note.code for note in stage.notes] == ["told"]  # of the person's words nothing is lost


def test_the_oldest_words_go_first_and_the_negative_prompt_never(
    session: Callable[[str], Session],
) -> None:
    from generation.pipelines.ltx.negative_prompts import LTX_VIDEO
    from generation.pipelines.ltx.text_encoding import PromptEncoder

    warm = session("first")
    counter = Counter(warm)
    prompts = PromptEncoder(warm.pipe, warm.profile, keep=LTX_VIDEO, room=1)
    for text in (LTX_VIDEO, "a", "b", LTX_VIDEO, "b", "a"):
        prompts.encoded(text)
    counter.close()
    assert counter.calls == 4


def test_a_cut_prompt_reads_as_its_beginning(session: Callable[[str], Session]) -> None:
    import torch

    from generation.pipelines.ltx.negative_prompts import LTX_VIDEO
    from generation.pipelines.ltx.text_encoding import PromptEncoder

    warm = session("first")
    short = PromptEncoder(warm.pipe, replace(warm.profile, tokens=8), keep=LTX_VIDEO)
    long, longer = short.encoded("foxes and hounds"), short.encoded("foxes and hares")
    assert long.embeds.shape[1] == 8
    assert torch.equal(long.embeds, longer.embeds)


def test_what_is_remembered_takes_no_memory_from_the_card(
    session: Callable[[str], Session],
) -> None:
    import torch

    from generation.pipelines.ltx.text_encoding import PromptEncoder

    class OnTheCard:
        """Answers on a device that is not the host."""

        def encode_prompt(self, text: str, **_: object) -> tuple[object, ...]:
            return Elsewhere(torch.ones(1, 8, 16)), Elsewhere(torch.ones(1, 8)), None, None

    class Elsewhere:
        def __init__(self, tensor: torch.Tensor) -> None:
            self._tensor = tensor

        def cpu(self) -> torch.Tensor:
            return self._tensor

    found = PromptEncoder(OnTheCard(), session("first").profile, keep="").encoded("a boat")
    assert isinstance(found.embeds, torch.Tensor)
    assert isinstance(found.mask, torch.Tensor)
