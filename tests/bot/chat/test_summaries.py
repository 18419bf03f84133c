"""What a person is answered in a chat: the line, the limits, a recipe, the operator's commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat.buttons import PICKS, SURE, Verb
from bot.chat.taken_back import TakenBack
from bot.language.catalogue import load_texts
from bot.submission.options import Options
from generation.engine.cards import CardState, EngineStatus
from generation.errors import (
    NotAllowed,
    UnsupportedOption,
)
from generation.jobs import InFull, Job, JobKind, JobStatus, Variation
from generation.notes import Note
from tests.fakes.program.chat import FEW, KIM, LEO, MODERATOR, OPERATOR, SEA, VIP, VOICE, chatting


async def test_the_line_shows_mine_first_and_of_others_only_the_number(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        assert "at once" in await at.commands.queue(KIM, VOICE)
        await at.asked(LEO, Options("a private wish"))
        await at.asked(KIM)
        said = await at.commands.queue(KIM, VOICE)
        assert said == "2nd of 2 in line. the \\*sea\\* moves\n2 waiting, 0 being made."
        await at.commands.admin(OPERATOR, "pause")
        nothing = await at.commands.queue(VIP, VOICE)
        assert "You have nothing in the queue." in nothing
        assert "paused by the operator" in nothing
        assert "private" not in said + nothing


async def test_the_quota_says_what_is_left_and_when_the_next_is_free(tmp_path: Path) -> None:
    async with chatting(tmp_path, limits=FEW) as at, at.home.at_work():
        await at.made()
        said = await at.commands.quota(KIM, VOICE)
        assert "Last hour: 1 of 3 clips used, 2 left." in said
        for _ in range(2):
            await at.made()
        free = datetime.fromtimestamp(at.home.clock() + 3600, UTC)
        said = await at.commands.quota(KIM, VOICE)
        assert f"Last hour: 3 of 3 clips used; the next is free <{free:%H:%M}>." in said
        assert "Last 24 hours: 3 of 9 clips used, 6 left." in said


async def test_a_recipe_has_every_fact_and_fits(tmp_path: Path) -> None:
    options = replace(SEA, negative_prompt="b" * 2000, num_inference_steps=8, guidance_scale=3.5)
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made(options=replace(options, prompt="*" * 2000))
        catalogue = load_texts().of("en")
        said = await at.commands.recipe(job_id, catalogue, VOICE)
        assert len(said) <= 2000
        for fact in (
            "Prompt: \\*",
            "What to avoid: b",
            "seed: 5",
            "Steps: 8",
            "3.5",
            "25 frames",
        ):
            assert fact in said
        assert len(await at.commands.recipe(job_id, catalogue, VOICE, limit=1024)) <= 1024


async def test_help_and_videos_tell_what_there_is(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()
        await at.asked(LEO)
        [job] = await at.commands.videos(KIM)
        assert job.id == job_id
        assert "/animate" in at.commands.help(KIM)
        assert "×2" in at.commands.help(KIM)
        at.engine.capabilities = replace(at.engine.capabilities, options=frozenset())
        assert "×2" not in at.commands.help(KIM)
        assert at.commands.help(replace(KIM, locale="de")) != at.commands.help(KIM)


async def test_forgetting_says_what_was_done(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()
        await at.home.deliveries.attach(job_id, "7")
        await at.home.deliveries.delivered(job_id)
        taken: list[str] = []

        async def take_back(jobs: Sequence[Job]) -> TakenBack:
            taken.extend(job.id for job in jobs)
            return TakenBack(staying=len(jobs))

        async def take_back_words(jobs: Sequence[Job]) -> TakenBack:
            return TakenBack(gone=1)

        said = await at.commands.forget(KIM, take_back)
        assert "(requests: 1)" in said
        assert "delete them yourself" in said
        assert taken == [job_id]
        assert "nothing" in await at.commands.forget(KIM, take_back)
        assert "(requests: 0)" in await at.commands.forget(KIM, take_back_words)
        assert at.inputs() == set()


async def test_a_job_has_the_buttons_that_make_sense(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        done = await at.commands.job(await at.made())
        waiting = replace(done, status=JobStatus.QUEUED)
        failed: Job = replace(done, status=JobStatus.FAILED, clip=None)
        assert at.commands.verbs(waiting) == {Verb.CANCEL}
        private = {Verb.MARK, Verb.UNMARK, Verb.SHOW, Verb.NOTIFY}
        alone = set(Verb) - {Verb.CANCEL, Verb.SCENE} - set(PICKS)
        of_a_draft = alone - SURE - private
        assert at.commands.verbs(done) == of_a_draft - {Verb.FULL}
        drafted = replace(done, request=replace(done.request, draft=InFull(704, 480)))
        assert at.commands.verbs(drafted) == of_a_draft
        second = replace(done, request=replace(done.request, variation=Variation(2, 4, done.id)))
        others = {Verb.PICK_1, Verb.PICK_3, Verb.PICK_4}
        assert at.commands.verbs(second) == of_a_draft - {Verb.FULL} | others
        assert at.commands.verbs(failed) == {Verb.REROLL, Verb.EDIT, Verb.DELETE}
        film = replace(done, kind=JobKind.FILM, notes=(Note("scene_missing", scene=2),))
        of_films = {Verb.SCENE, Verb.EXTEND, Verb.UPSCALE, Verb.RECIPE, Verb.DELETE}
        assert at.commands.verbs(film) == of_films
        assert at.commands.verbs(replace(film, notes=())) == of_films - {Verb.SCENE}
        assert at.commands.verbs(replace(failed, kind=JobKind.FILM)) == {Verb.DELETE}


async def test_the_operators_commands_work_and_are_theirs_alone(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        ticket = await at.asked()
        for command in ("pause", "resume", "drain", "cancel", "block", "unblock", "stats"):
            with pytest.raises(NotAllowed):
                await at.commands.admin(MODERATOR, command, ticket.job_id)
        admin = at.commands.admin
        assert "Paused" in await admin(OPERATOR, "pause")
        assert "open" in await admin(OPERATOR, "resume")
        assert "Draining" in await admin(OPERATOR, "drain")
        assert ticket.job_id in await admin(OPERATOR, "cancel", ticket.job_id)
        assert "already" in await admin(OPERATOR, "cancel", ticket.job_id)
        assert "discord:4 is blocked" in await admin(OPERATOR, "block", "discord:4 7d")
        assert "no longer" in await admin(OPERATOR, "unblock", " discord:4 ")
        assert "was not" in await admin(OPERATOR, "unblock", "discord:4")
        assert "1 cancelled. Queue: draining." in await admin(OPERATOR, "stats")


async def test_the_operator_is_told_how_many_cards_serve_and_first_which_do_not(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()
        assert "Engines:" not in await at.commands.admin(OPERATOR, "stats")
        weights = "Its weights are not there. " * 9
        at.engine.cards = (
            CardState("n1/cuda:0", EngineStatus.WORKING, jobs=(job_id,)),
            *(CardState(f"n{one}/cuda:1", EngineStatus.IDLE) for one in range(200)),
            CardState("n2/cuda:0", EngineStatus.OUT, weights),
        )
        said = await at.commands.admin(OPERATOR, "stats")
        assert "Engines: 202 (idle 200, working 1, left out 1).\nn2/cuda:0 · " in said
        assert "left out (Its weights are not there." in said
        assert said.endswith("…")
        assert len(said) < 2000


@pytest.mark.parametrize(
    ("command", "argument"), [("dance", ""), ("block", "leo"), ("unblock", None), ("block", "")]
)
async def test_a_command_that_is_none_tells_how_to_say_it(
    tmp_path: Path, command: str, argument: str | None
) -> None:
    async with chatting(tmp_path) as at:
        with pytest.raises(UnsupportedOption, match="admin_usage"):
            await at.commands.admin(OPERATOR, command, argument)
