"""The engine is told what was written for it, and so are people."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generation.directions.sentences import DEFAULT_PROMPT, LIVELINESS
from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Animation
from generation.notes import SHOWN, Note
from generation.prompts.chat_endpoint import ChatEndpoint
from generation.prompts.look_ahead import look_ahead
from generation.prompts.prompt_help import PromptHelp
from generation.prompts.prompted_engine import PromptedEngine
from generation.prompts.template import templated
from tests.fakes.chat_endpoint.endpoint import endpoint, says
from tests.fakes.engine.stepped import STEPPED, SteppedEngine
from tests.fakes.program.core import ANN, House, house, wish

READER = replace(STEPPED, reads_prompts=True)


async def made(home: House, engine: SteppedEngine, request: Any) -> tuple[Animation, list[Note]]:
    ticket = await home.service.submit(request, ANN)
    animation = await engine.begun.get()
    engine.finish(animation)
    async with aclosing(home.service.watch(ticket.job_id)) as events:
        async for _ in events:
            pass
    return animation, list((await home.service.view(ticket.job_id)).job.notes)


async def test_the_model_and_the_person_are_told_the_same(tmp_path: Path) -> None:
    engine, prompts = SteppedEngine(capabilities=READER), PromptHelp()
    async with house(tmp_path, PromptedEngine(engine, prompts)) as home, home.at_work():
        request = wish("the waves roll in, zoom out")
        animation, notes = await made(home, engine, request)
    said = templated(request.prompt, request.motion, request.effect)
    assert animation.prompt == said
    assert notes == [Note("told", prompt=said)]
    assert animation.request.prompt == request.prompt


@pytest.mark.parametrize(
    ("words", "chosen", "told"),
    [
        (
            "a woman laughs",
            {"motion": Motion.ROLL_LEFT, "effect": Effect.SNOW},
            "a woman laughs. The camera rolls slowly to the left. It begins to snow.",
        ),
        ("a woman laughs", {"motion_strength": 0}, f"a woman laughs. {LIVELINESS[0]}"),
        ("", {}, DEFAULT_PROMPT),
        ("a woman laughs", {}, None),
    ],
)
@pytest.mark.parametrize("prompts", [None, PromptHelp()])
async def test_people_are_told_whatever_is_not_exactly_their_own_words(
    tmp_path: Path,
    words: str,
    chosen: dict[str, Any],
    told: str | None,
    prompts: PromptHelp | None,
) -> None:
    engine = SteppedEngine(capabilities=READER)
    asked = replace(wish(words), enhance=False, **chosen)
    async with house(tmp_path, PromptedEngine(engine, prompts)) as home, home.at_work():
        animation, notes = await made(home, engine, asked)
    assert animation.prompt == (told or words)
    assert notes == ([] if told is None else [Note("told", prompt=told)])


async def test_how_lively_it_is_to_be_is_told_with_the_rest(tmp_path: Path) -> None:
    engine, asked = SteppedEngine(capabilities=READER), replace(wish("waves"), motion_strength=4)
    async with house(tmp_path, PromptedEngine(engine, PromptHelp())) as home, home.at_work():
        animation, [note] = await made(home, engine, asked)
    assert animation.prompt is not None
    assert animation.prompt.endswith(LIVELINESS[4])
    assert note == Note("told", prompt=animation.prompt)


async def test_a_long_one_is_cut_under_the_clip_and_whole_for_the_model(tmp_path: Path) -> None:
    engine = SteppedEngine(capabilities=READER)
    async with house(tmp_path, PromptedEngine(engine, PromptHelp())) as home, home.at_work():
        animation, [note] = await made(home, engine, wish("waves " * 200))
    assert animation.prompt is not None
    assert note.facts["prompt"] == f"{animation.prompt[:SHOWN]}…"


async def test_the_prompt_of_the_next_is_written_while_another_is_rendered(tmp_path: Path) -> None:
    async with endpoint(says("Waves roll in.")) as served:
        engine, prompts = SteppedEngine(capabilities=READER), PromptHelp(ChatEndpoint(served.url))
        prompted = PromptedEngine(engine, prompts)
        async with house(tmp_path, prompted) as home, home.at_work():
            await home.service.submit(wish("one"), ANN)
            await engine.begun.get()
            await home.service.submit(wish("two"), ANN)
            looking = asyncio.create_task(
                look_ahead(home.queue, prompts, home.workspace, pause=0.01)
            )
            await served.until(2)
            looking.cancel()
    assert [body["messages"][1]["content"] for body in served.asked] == ["Words: one", "Words: two"]
