"""A language model that is slow, wrong, endless or hostile costs nobody a clip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.submission.rules import PromptRules
from generation.directions.vocabulary import Effect, Motion
from generation.jobs import AnimationRequest
from generation.prompts.chat_endpoint import MOST_BYTES, ChatEndpoint
from generation.prompts.prompt_help import REST, PromptHelp
from generation.prompts.template import templated
from tests.fakes.chat_endpoint.endpoint import (
    Answer,
    dawdles,
    endpoint,
    never_ends,
    says,
    sends,
)
from tests.fakes.program.core import Clock

GOOD = "Waves roll onto the beach while rain falls. The camera slowly moves closer."


def wish(prompt: str = "die Wellen rollen heran, Regen", **other: Any) -> AnimationRequest:
    return AnimationRequest(prompt, "photo.png", 96, 64, 9, 24, seed=7, **other)


def template_of(request: AnimationRequest) -> str:
    return templated(request.prompt, request.motion, request.effect)


async def written(answer: Answer, request: AnimationRequest, **limits: Any) -> str | None:
    async with endpoint(answer) as served:
        prompts = PromptHelp(ChatEndpoint(served.url, time_limit=0.5), **limits)
        try:
            return await prompts.prompt_for(request, Path("nowhere.png"))
        finally:
            await prompts.close()


async def test_the_model_is_told_what_was_written_in_english() -> None:
    async with endpoint(says(GOOD)) as served:
        prompts = PromptHelp(ChatEndpoint(served.url, "tiny", "a-key"))
        assert await prompts.prompt_for(wish(), Path("nowhere.png")) == GOOD
        await prompts.close()
    [asked] = served.asked
    assert asked["model"] == "tiny"
    assert "die Wellen rollen heran, Regen" in asked["messages"][1]["content"]
    assert served.keys == ["Bearer a-key"]


@pytest.mark.parametrize(
    "wrapped",
    [
        f'"{GOOD}"',
        f"Prompt: {GOOD}",
        f"**Prompt:** {GOOD}",
        f"<think>What is asked of me?</think>\n\n{GOOD}\n",
        f"What is asked of me? Waves.</think>\n{GOOD}",
        f"```\n{GOOD}\n```",
        GOOD.replace(". ", ".\n\n"),
        f"Here is your prompt: {GOOD}",
        f"Sure! {GOOD}",
        f'Certainly, here\'s the paragraph you asked for:\n\n"{GOOD}"',
        f"Of course!\n\n**Prompt:** {GOOD}",
        f"### Prompt\n\n{GOOD}\n\nLet me know if you would like anything else!",
        f"{GOOD} Let me know if you'd like any changes!",
        f"Output: {GOOD}",
        f"Rewritten: {GOOD}",
        f"English: {GOOD}",
        f"Translation: {GOOD}",
        f"Video prompt (English): {GOOD}",
        f"**Enhanced Video Prompt:**\n\n{GOOD}",
        f"Happy to help! {GOOD}",
        f"Great idea! {GOOD}",
        f"As requested, here's the cinematic version you asked for: {GOOD}",
        f'{{"prompt": "{GOOD}"}}',
        f'```json\n{{"prompt": "{GOOD}"}}\n```',
        f"{GOOD} (Word count: 11)",
        f"{GOOD}\n\n---\n\n*Word count: 11*",
        f"{GOOD}\n\nNegative prompt: blurry, deformed, low quality",
        f"{GOOD}\n\nAlternatively: A cat leaps over the fence at night.",
        f"[INST] {GOOD} [/INST]",
        f"{GOOD} </s><|im_end|> <|assistant|>",
        f"<reasoning>The user wants waves.</reasoning> {GOOD}",
    ],
)
async def test_what_a_model_puts_around_its_answer_is_taken_off(wrapped: str) -> None:
    assert await written(says(wrapped), wish()) == GOOD


@pytest.mark.parametrize(
    "answer",
    [
        dawdles,
        never_ends,
        sends("x" * (MOST_BYTES + 1)),
        sends("<html>Bad Gateway</html>", 502),
        sends("", 302, Location="http://127.0.0.1:1/elsewhere"),
        sends("not json"),
        sends("[" * 5000),
        sends('{"choices": []}'),
        sends('{"choices": "x"}'),
        says(None),
        says(["parts"]),
        says(""),
        says("   \x00\u202e "),
        says("word " * 400),
        says("I'm sorry, but I can't help with that."),
        says("I apologize, but I cannot create a description of this, as it goes too far."),
        says("I won't be able to help with that, as it may depict a person in a harmful way."),
        says("I'm unable to view the image, but here is a scene with waves in it."),
        says("I'm not able to help with this. The words are against the rules."),
        says("My apologies, but this is against the policy that I have to follow."),
        says("The request cannot be fulfilled because it goes against the rules."),
        says("Please provide the picture and the words for the paragraph."),
        says("As a language model, I have no way to see the picture that is meant."),
        says("It seems the words are incomplete. Could you send me the rest of them?"),
        says("Okay, the user wants a video prompt about the waves. The waves roll in."),
        says("The waves roll onto the beach. I kept the rain as it was asked for."),
        says("- Subject: the waves\n- Camera: static\n- Light: soft and warm in the room"),
        says("Buy now at https://example.org, a better tool."),
        says("x"),
        says("Sure"),
        says("Sure! Here you go:"),
        says("La donna guarda avanti mentre la camera avanza."),
        says("Le chat regarde la lune et la mer est calme."),
        says("A woman sonríe mientras the wind moves su pelo."),
        says("Waves roll onto the beach. Die Kamera fährt langsam auf das Wasser zu."),
        says("As ondas chegam à praia enquanto chove."),
        says("海が静かに動き、雨が降っている。"),
        says('{"action": 1, "x": [2, 3, 4, 5]} // }{}{}{}{}[][]'),
        says("Waves roll in while Elon Musk walks along the beach."),
        says("Waves roll in. On the beach stands a Coca-Cola sign."),
    ],
)
async def test_an_answer_that_is_of_no_use_is_the_templates(answer: Answer) -> None:
    assert await written(answer, wish()) == template_of(wish())


async def test_a_server_that_is_not_there_costs_one_try_and_then_a_rest() -> None:
    clock = Clock(0.0)
    async with endpoint(sends("", 500)) as served:
        prompts = PromptHelp(ChatEndpoint(served.url), now=clock)
        for word in ("one", "two"):
            request = wish(word)
            assert await prompts.prompt_for(request, Path("x.png")) == template_of(request)
        assert len(served.asked) == 1
        clock.pass_(REST)
        served.answer = says(GOOD)
        assert await prompts.prompt_for(wish("three"), Path("x.png")) == GOOD
        await prompts.close()


async def test_names_that_were_said_may_be_written_in_any_script() -> None:
    fuji = "Clouds pass behind Mount Fuji while snow falls."
    assert await written(says(fuji), wish("富士山、雲が流れる")) == fuji
    tower = "Lights flicker on the Eiffel Tower."
    assert await written(says(tower), wish("der Eiffelturm blinkt")) == tower


async def test_blocked_words_are_looked_for_in_what_came_back_too() -> None:
    said = await written(says(GOOD), wish(), allowed=lambda text: "rain" not in text)
    assert said == template_of(wish())


@pytest.mark.parametrize(
    "spelt", ["banana", "ba\u200bnana", "ba\u00adna\x00na", "b4nаna", "BÄNANA"]
)
async def test_a_blocked_word_is_found_in_an_answer_however_it_is_spelt(spelt: str) -> None:
    rules = PromptRules(["banana"])
    said = await written(says(f"Waves roll over a {spelt}."), wish(), allowed=rules.allow)
    assert said == template_of(wish())


async def test_who_wants_no_help_is_not_written_for() -> None:
    async with endpoint(says(GOOD)) as served:
        prompts = PromptHelp(ChatEndpoint(served.url))
        assert await prompts.prompt_for(wish(enhance=False), Path("x.png")) is None
        prompts.begin(wish(enhance=False), Path("x.png"))
        await prompts.close()
    assert served.asked == []


async def test_what_was_chosen_by_name_is_kept_whatever_is_written() -> None:
    asked = wish(motion=Motion.PAN_LEFT, effect=Effect.SNOW)
    said = await written(says("Waves roll in."), asked)
    assert said == "Waves roll in. The camera pans slowly to the left. It begins to snow."


async def test_a_prompt_is_written_once_also_when_it_was_begun_before() -> None:
    async with endpoint(says(GOOD)) as served:
        prompts = PromptHelp(ChatEndpoint(served.url))
        prompts.begin(wish(), Path("x.png"))
        assert await prompts.prompt_for(wish(), Path("x.png")) == GOOD
        assert await prompts.prompt_for(wish(), Path("x.png")) == GOOD
        await prompts.close()
    assert len(served.asked) == 1


async def test_without_words_a_model_that_sees_describes_the_picture(photograph: Path) -> None:
    shown = "A lighthouse stands above the cliffs while its lamp turns."
    async with endpoint(says(shown)) as served:
        prompts = PromptHelp(ChatEndpoint(served.url, sees=True))
        assert await prompts.prompt_for(wish(""), photograph) == shown
        await prompts.close()
    text, image = served.asked[0]["messages"][1]["content"]
    assert "No words were given" in text["text"]
    assert image["image_url"]["url"].startswith("data:image/jpeg;base64,")


async def test_what_a_model_sees_it_may_not_call_by_a_name(photograph: Path) -> None:
    async with endpoint(says("A woman named Angela Merkel smiles at Bob.")) as served:
        prompts = PromptHelp(ChatEndpoint(served.url, sees=True))
        assert await prompts.prompt_for(wish(""), photograph) == template_of(wish(""))
        await prompts.close()


async def test_without_words_a_blind_model_is_not_asked_to_guess() -> None:
    async with endpoint(says(GOOD)) as served:
        prompts = PromptHelp(ChatEndpoint(served.url))
        assert await prompts.prompt_for(wish(""), Path("x.png")) == template_of(wish(""))
        await prompts.close()
    assert served.asked == []
