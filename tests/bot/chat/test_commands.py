"""What a person can ask for in a chat, and whose business it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.buttons import Verb, remake_of
from bot.submission.digests import Remake
from bot.submission.options import Options
from generation.directions.vocabulary import Motion
from generation.errors import (
    Blocked,
    Expired,
    JobNotFound,
    NotAllowed,
    QuotaExceeded,
    RequestKeyReused,
    UnsupportedOption,
    Unwelcome,
)
from generation.jobs import FINISHING_STEPS, JobStatus
from generation.notes import Note
from tests.fakes.program.chat import (
    FEW,
    KIM,
    LEO,
    MODERATOR,
    OPERATOR,
    ROOM,
    SEA,
    VIP,
    VOICE,
    chatting,
)

STEPS = {Verb.MORE, Verb.LESS}


async def test_a_request_is_put_in_line_with_its_address_and_once_for_each_key(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path) as at:
        first = await at.asked(key="1")
        again = await at.asked(key="1")
        assert again.job_id == first.job_id
        assert again.repeated
        assert (await at.commands.job(first.job_id)).address == ROOM
        assert len(at.inputs()) == 1
        with pytest.raises(RequestKeyReused):
            await at.asked(options=Options("something else"), key="1")


async def test_a_picture_may_come_as_a_file(tmp_path: Path) -> None:
    picture = tmp_path / "sent.jpg"
    picture.write_bytes(b"picture")
    async with chatting(tmp_path / "data") as at:
        ticket = await at.sent(KIM, picture, SEA, key="1")
        assert (await at.asked(key="1")).job_id == ticket.job_id


async def test_limits_and_blocks_refuse_before_a_picture_is_read(tmp_path: Path) -> None:
    async with chatting(tmp_path, limits=FEW, words=["gore"]) as at:
        for _ in range(2):
            await at.asked()
        with pytest.raises(QuotaExceeded):
            async with at.submission.admitted(KIM, key=None):
                pass
        with pytest.raises(QuotaExceeded):
            await at.asked()
        with pytest.raises(Unwelcome):
            await at.asked(LEO, Options("gore"))
        await at.commands.admin(OPERATOR, "block", "discord:4")
        blocked = replace(LEO, identities=("chat:leo", "discord:4"))
        with pytest.raises(Blocked):
            async with at.submission.admitted(blocked, key=None):
                pass
        assert len(at.inputs()) == 2


async def test_a_role_can_be_without_limits(tmp_path: Path) -> None:
    async with chatting(tmp_path, limits=FEW) as at:
        for _ in range(4):
            await at.asked(VIP)
        assert await at.commands.quota(VIP, VOICE) == "You have no limits here."


async def test_a_reroll_is_the_same_wish_with_another_seed_and_a_picture_of_its_own(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()
        old = (await at.commands.job(job_id)).request
        new = await at.again(job_id, Verb.REROLL, LEO)
        assert new.seed != old.seed
        assert new.image != old.image
        assert replace(new, seed=old.seed, image=old.image, remixed_from=None) == old
        assert new.remixed_from == job_id
        await at.commands.delete(KIM, job_id)
        assert at.home.workspace.input(new.image).read_bytes() == b"picture"


async def test_another_persons_remake_is_their_own_job_with_their_own_limits(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path, limits=FEW) as at, at.home.at_work():
        job_id = await at.made()
        for _ in range(2):
            await at.again(job_id, Verb.REROLL, LEO)
        with pytest.raises(QuotaExceeded):
            await at.again(job_id, Verb.REROLL, LEO)
        assert len(await at.home.service.videos(LEO.requester)) == 2
        assert len(await at.home.service.videos(KIM.requester)) == 1


async def test_an_edit_begins_with_the_old_words_and_takes_the_new_ones(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made(options=replace(SEA, motion=Motion.PAN_LEFT))
        old = (await at.commands.job(job_id)).request
        options = await at.commands.prefill(job_id)
        same = await at.again(job_id, Verb.EDIT, changes=options)
        assert replace(same, image=old.image, notes=old.notes, remixed_from=None) == old
        other = await at.again(job_id, Verb.EDIT, changes=replace(options, prompt="the sky"))
        assert (other.prompt, other.motion, other.seed) == ("the sky", Motion.PAN_LEFT, 5)


async def test_an_edit_keeps_what_it_does_not_ask_about(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        extended = await at.remade(KIM, await at.made(), Remake.EXTEND)
        options = await at.commands.prefill(extended.job_id)
        old = (await at.commands.job(extended.job_id)).request
        new = await at.again(extended.job_id, Verb.EDIT, changes=replace(options, prompt="the sky"))
        assert new.extends not in {None, old.extends}
        shorter = replace(options, seconds=1.0, num_frames=None)
        assert (await at.again(extended.job_id, Verb.EDIT, changes=shorter)).extends is None
        names = {name for job in await at.home.history.active() for name in job.request.inputs}
        assert names <= at.inputs()
        assert len(at.inputs()) == len(names) + 1  # and the first clip's own picture


async def test_an_edit_is_moderated_like_any_wish(tmp_path: Path) -> None:
    async with chatting(tmp_path, words=["gore"]) as at, at.home.at_work():
        job_id = await at.made()
        with pytest.raises(Unwelcome):
            await at.again(job_id, Verb.EDIT, changes=Options("gore"))


async def test_extending_goes_on_from_the_clip_as_far_as_clips_get(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()  # 25 frames
        new = await at.again(job_id, Verb.EXTEND)
        assert new.num_frames == 49
        assert new.extends is not None
        assert at.home.workspace.input(new.extends).read_bytes() == b"clip"
        await at.commands.delete(KIM, job_id)
        assert at.home.workspace.input(new.extends).exists()
        longest = replace(SEA, seconds=None, num_frames=257)
        engine = at.engine
        engine.finish(await engine.begun.get())
        whole = await at.made(options=longest)
        for frames in (505, 753, 1001, 1249):
            assert (await at.again(whole, Verb.EXTEND)).num_frames == frames
            animation = await engine.begun.get()
            engine.finish(animation)
            whole = animation.job
            async for _ in at.home.service.watch(whole):
                pass
        with pytest.raises(UnsupportedOption, match="clip_too_long, most=60"):
            await at.again(whole, Verb.EXTEND)


async def test_twice_as_large_is_the_clip_itself_with_both_sides_doubled(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made(options=replace(SEA, loop=True))
        clip = (await at.commands.job(job_id)).clip
        assert clip
        assert Verb.UPSCALE in at.commands.verbs(await at.commands.job(job_id))
        larger = await at.remade(KIM, job_id, Remake.UPSCALE)
        new = (await at.commands.job(larger.job_id)).request
        assert (new.width, new.height) == (clip.width * 2, clip.height * 2)
        assert (new.num_frames, new.seed, new.remixed_from) == (clip.frames, clip.seed, job_id)
        assert new.loop  # it still is one
        assert new.cost == clip.frames * clip.width * clip.height * 4 * FINISHING_STEPS
        assert at.home.workspace.input(str(new.upscales)).read_bytes() == b"clip"
        at.home.workspace.remove_clip(job_id)
        with pytest.raises(Expired, match="clip"):
            await at.remade(KIM, job_id, Remake.UPSCALE)


async def test_what_is_too_large_is_neither_doubled_nor_extended(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        small = await at.made(options=replace(SEA, size="704x480"))
        large = await at.finished(await at.remade(KIM, small, Remake.UPSCALE))
        assert not at.commands.verbs(large) & {Verb.UPSCALE, Verb.EXTEND}
        for remake in (Remake.UPSCALE, Remake.EXTEND):
            with pytest.raises(UnsupportedOption, match="clip_too_large, size='1408x960'"):
                await at.remade(KIM, large.id, remake)


async def test_what_goes_on_from_a_clip_waits_for_it(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        waiting = (await at.asked()).job_id
        for remake in (Remake.UPSCALE, Remake.EXTEND):
            with pytest.raises(Expired, match="unfinished"):
                await at.remade(KIM, waiting, remake)
        await at.commands.cancel(KIM, waiting)
        with pytest.raises(Expired, match="clip"):
            await at.remade(KIM, waiting, Remake.UPSCALE)


async def test_a_loop_is_the_same_clip_whose_end_leads_into_its_beginning(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()
        for verb, returns in ((Verb.LOOP, (True, False)), (Verb.BOOMERANG, (False, True))):
            new = await at.again(job_id, verb)
            assert ((new.loop, new.boomerang), new.seed) == (returns, 5)


async def test_more_and_less_motion_go_a_step_as_far_as_there_is_one(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()
        for verb, way in ((Verb.MORE, [3, 4]), (Verb.LESS, [3, 2, 1, 0])):
            for degree in way:
                job = await at.finished(await at.remade(KIM, job_id, remake_of(verb)))
                job_id = job.id
                assert (job.request.motion_strength, job.request.seed) == (degree, 5)
            assert STEPS & at.commands.verbs(job) == STEPS - {verb}
            with pytest.raises(UnsupportedOption, match="out_of_range"):
                await at.again(job_id, verb)
        fixed = replace(job, notes=(Note("camera", shots=("still normal normal",)),))
        assert not STEPS & at.commands.verbs(fixed)


async def test_what_the_engine_cannot_do_has_no_button_and_is_refused(tmp_path: Path) -> None:
    async with chatting(tmp_path, options=frozenset()) as at, at.home.at_work():
        job_id = await at.made()
        verbs = at.commands.verbs(await at.commands.job(job_id))
        assert verbs == {Verb.REROLL, Verb.EDIT, Verb.RECIPE, Verb.DELETE}
        for verb in (Verb.EXTEND, Verb.LOOP, Verb.MORE):
            with pytest.raises(UnsupportedOption):
                await at.again(job_id, verb)


async def test_a_picture_or_clip_that_is_no_longer_kept_is_a_sentence_and_leaves_no_file(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()
        at.home.workspace.remove_clip(job_id)
        with pytest.raises(Expired, match="clip"):
            await at.again(job_id, Verb.EXTEND)
        assert len(at.inputs()) == 1
        at.home.workspace.remove_input((await at.commands.job(job_id)).request.image)
        for verb in (Verb.REROLL, Verb.EDIT, Verb.LOOP):
            with pytest.raises(Expired, match="picture"):
                await at.again(job_id, verb)
        assert at.inputs() == set()


async def test_a_refused_remake_leaves_no_file(tmp_path: Path) -> None:
    async with chatting(tmp_path, limits=FEW) as at, at.home.at_work():
        job_id = await at.made()
        await at.commands.admin(OPERATOR, "pause")
        for _ in range(2):
            await at.again(job_id, Verb.REROLL)
        before = at.inputs()
        with pytest.raises(QuotaExceeded):
            await at.again(job_id, Verb.REROLL)
        assert at.inputs() == before


async def test_only_the_owner_an_operator_or_a_moderator_ends_a_job(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        for allowed in (KIM, OPERATOR, MODERATOR):
            ticket = await at.asked()
            for ending in (at.commands.cancel, at.commands.delete):
                with pytest.raises(NotAllowed):
                    await ending(LEO, ticket.job_id)
            assert await at.commands.cancel(allowed, ticket.job_id) == "Cancelled."
            assert "already" in await at.commands.cancel(allowed, ticket.job_id)
            await at.commands.delete(allowed, ticket.job_id)
            with pytest.raises(JobNotFound):
                await at.commands.job(ticket.job_id)
        assert at.inputs() == set()


async def test_cancel_without_a_name_takes_back_the_newest(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        first = await at.asked()
        at.home.clock.pass_(1.0)
        second = await at.asked()
        await at.asked(LEO)
        await at.commands.cancel(KIM)
        assert (await at.commands.job(second.job_id)).status is JobStatus.CANCELLED
        assert (await at.commands.job(first.job_id)).status is JobStatus.QUEUED
        await at.commands.cancel(KIM)
        with pytest.raises(JobNotFound, match="none_active"):
            await at.commands.cancel(KIM)
