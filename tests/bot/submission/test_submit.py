"""The one way in: in which order somebody is refused, who has no limits, what a retry is given."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bot.submission.digests import Remake, remake_digests
from bot.submission.exemptions import Exemptions
from bot.submission.intake import Intake
from bot.submission.options import NO_EXTRA_PICTURES, Options
from bot.submission.person import Person
from bot.submission.prepared import prepared
from bot.submission.rules import PromptRules
from config.sections import DefaultsSettings
from generation.dispatch.offering import Offering
from generation.errors import (
    Blocked,
    QuotaExceeded,
    RequestKeyReused,
    UnsupportedOption,
    Unwelcome,
)
from generation.jobs import Requester
from tests.fakes.program.chat import (
    FEW,
    KIM,
    LEO,
    OPERATOR,
    SEA,
    VIP,
    CopyingPictures,
    chatting,
    person,
)

GORE = Options("gore", seconds=1.0)
ALICE = Person(Requester("web", "alice"), None, ("web:alice",))


async def test_limits_refuse_before_moderation_and_moderation_before_a_picture_is_read(
    tmp_path: Path,
) -> None:
    missing = tmp_path / "nowhere.png"
    async with chatting(tmp_path / "data", limits=FEW, words=["gore"], options=frozenset()) as at:
        with pytest.raises(UnsupportedOption):
            await at.sent(KIM, missing, replace(GORE, loop=True))
        with pytest.raises(Unwelcome):
            await at.sent(KIM, missing, GORE)
        for _ in range(2):
            await at.asked()
        with pytest.raises(QuotaExceeded):
            await at.sent(KIM, missing, GORE)
        with pytest.raises(UnsupportedOption):
            at.submission.check(SEA, end=True)


async def test_a_prompt_that_was_refused_for_the_limits_is_held_against_nobody(
    tmp_path: Path,
) -> None:
    none = replace(FEW, queued_per_user=0)
    async with chatting(tmp_path, limits=none, words=["gore"]) as at:
        for _ in range(9):
            with pytest.raises(QuotaExceeded):
                await at.asked(options=GORE)
        with pytest.raises(Unwelcome):
            await at.asked(VIP, GORE)


async def test_a_retry_is_admitted_and_answered_however_full_it_is_by_now(tmp_path: Path) -> None:
    async with chatting(tmp_path, limits=FEW) as at:
        first = await at.asked(key="1")
        await at.asked(key="2")
        with pytest.raises(QuotaExceeded):
            await at.asked(key="3")
        again = await at.asked(key="1")
        assert (again.job_id, again.repeated) == (first.job_id, True)


async def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        mine, theirs = await at.asked(KIM, key="1"), await at.asked(LEO, key="1")
        assert mine.job_id != theirs.job_id
        assert not theirs.repeated


async def test_who_is_blocked_by_now_is_refused_with_an_old_key_too(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        cat = replace(person("cat"), identities=("web:cat",))
        await at.asked(cat, key="1")
        await at.commands.admin(OPERATOR, "block", "web:cat")
        with pytest.raises(Blocked):
            await at.asked(cat, key="1")


async def test_a_retried_remake_is_answered_also_where_its_picture_is_gone(
    tmp_path: Path,
) -> None:
    changes = {"prompt": "the sky"}
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()

        async def remix(**other: object) -> str:
            ticket = await at.remade(LEO, job_id, Remake.REMIX, changes | other, key="r")
            return ticket.job_id

        first = await remix()
        at.home.workspace.remove_input((await at.commands.job(job_id)).request.image)
        assert await remix() == first
        with pytest.raises(RequestKeyReused):
            await remix(prompt="the ground")


@pytest.mark.parametrize("form", [1, 2])
async def test_a_remake_that_version_0_1_0_stored_is_answered_as_it_was(
    tmp_path: Path, form: int
) -> None:
    changes = asdict(replace(SEA, prompt="the sky"))
    async with chatting(tmp_path) as at, at.home.at_work():
        job = await at.commands.job(await at.made())
        options = Options(**changes)
        stored = remake_digests(job.id, Remake.REMIX, changes, options)[form]
        request = replace(job.request, image="kept.png")
        old = await at.home.service.submit(request, LEO.requester, key="r", digest=stored)
        ticket = await at.remade(LEO, job.id, Remake.REMIX, changes, key="r")
        assert (ticket.job_id, ticket.repeated) == (old.job_id, True)


@pytest.mark.parametrize(
    ("exemptions", "who", "exempt"),
    [
        (Exemptions(["web:alice"]), ALICE, True),
        (Exemptions(["web:bob"]), ALICE, False),
        (Exemptions(["discord-role:9"]), VIP, True),
        (Exemptions(["discord-role:9"]), KIM, False),
        (Exemptions(web=True), ALICE, True),
        (Exemptions(web=True), KIM, False),
        (Exemptions(), ALICE, False),
    ],
)
def test_people_roles_and_this_machines_browsers_can_be_without_limits(
    exemptions: Exemptions, who: Person, exempt: bool
) -> None:
    assert exemptions.cover(who) is exempt


async def test_without_a_queue_the_operators_words_hold_all_the_same(tmp_path: Path) -> None:
    picture = tmp_path / "sent.png"
    picture.write_bytes(b"picture")
    async with chatting(tmp_path / "data") as at:
        workspace = at.home.workspace
        intake = Intake(CopyingPictures(), workspace, Offering([at.engine]), DefaultsSettings())
        rules = PromptRules(["gore"])
        with pytest.raises(Unwelcome):
            await prepared(intake, rules, picture, GORE, NO_EXTRA_PICTURES)
        assert at.inputs() == set()
        request = await prepared(intake, rules, picture, SEA, NO_EXTRA_PICTURES)
        assert request.prompt == SEA.prompt
        assert at.inputs() == {request.image}
