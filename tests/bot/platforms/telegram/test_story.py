"""The story of a request on Telegram, from the caption to the clip."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.telegram.replies import link_preview
from generation.engine.protocol import Phase, Step
from generation.events import Failed, PhaseName
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import PICTURE, talk
from tests.fakes.telegram.double import GROUP, TOKEN

pytestmark = pytest.mark.slow


BUTTONS = (
    "Re-roll, Edit, Extend, ×2, Loop, Boomerang, More motion, Less motion, Recipe, Delete".split(
        ", "
    )
)


def labels(message: dict[str, Any]) -> list[str]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def job_of(message: dict[str, Any]) -> str:
    found = re.search(r"video_[a-z2-7]{18}", str(message["reply_markup"]))
    assert found is not None
    return found[0]


async def test_a_photo_with_a_caption_comes_back_as_a_clip_in_answer_to_it(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        photo = await at.photo("/animate seconds=1 the *sea* moves @everyone")
        animation = await at.begun()
        assert at.home.workspace.input(animation.request.image).read_bytes() == PICTURE
        await at.said()
        [status] = at.telegram.shown()
        assert status["text"] in ("Next in line.", "Warming up…")  # whichever came first
        assert labels(status) == ["Cancel"]
        poster = at.home.workspace.thumbnail(job_of(status))
        poster.write_bytes(b"\xff\xd8 a poster")
        await at.finish(animation)
        clip = await at.clip()
        assert clip["answers"]["message_id"] == photo["message_id"]
        assert clip["answers"]["allow_sending_without_reply"] is True
        assert clip["caption"].startswith("the *sea* moves @\u200beveryone\n1 s · seed ")
        assert labels(clip) == BUTTONS
        assert at.telegram.shown() == [clip]
        assert clip["message_id"] == status["message_id"]
        [sent] = at.telegram.called("editMessageMedia")
        media = json.loads(sent.fields["media"])
        facts = {name: media[name] for name in ("width", "height", "duration")}
        assert facts == {"width": 640, "height": 480, "duration": 1}
        assert media["supports_streaming"] is True
        assert b"clip" in sent.files.values()
        assert b"\xff\xd8 a poster" in sent.files.values()


async def test_only_while_uploading_it_says_that_a_video_is_sent(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo()
        animation = await at.begun()
        await at.said()
        assert at.telegram.called("sendChatAction") == []
        await at.finish(animation)
        await at.clip()
        actions = [call.fields["action"] for call in at.telegram.called("sendChatAction")]
        assert set(actions) <= {"upload_video"}


async def test_progress_is_edited_when_it_reads_differently_and_no_oftener_than_allowed(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        await at.photo()
        animation = await at.begun()
        await at.said()
        at.home.clock.pass_(4.0)
        at.engine.tell(animation, Phase(PhaseName.STEP), Step(3, 10))
        await at.telegram.until(lambda: at.telegram.called("editMessageText"))
        for step in range(4, 9):
            at.engine.tell(animation, Step(step, 10))
            await settled()
        assert len(at.telegram.called("editMessageText")) == 1
        at.home.clock.pass_(4.0)
        await at.telegram.until(lambda: "8/10" in str(at.telegram.shown()))


async def test_the_place_in_line_is_said_with_a_duration(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        at.home.estimator.learn(25 * 704 * 480, 50.0)
        await at.photo(user=1, chat=1)
        await at.begun()
        await at.photo()
        assert re.fullmatch(r"Next in line, starts in about \d+ s\.", await at.said())


async def test_a_clip_that_cannot_be_made_is_said_so_with_its_number(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo()
        animation = await at.begun()
        await at.said()
        [status] = at.telegram.shown()
        at.engine.tell(animation, Failed("out_of_memory", "size", {"nearest": "64x64"}))
        await at.telegram.until(lambda: "At 64×64 it should fit" in str(at.telegram.shown()))
        [ended] = at.telegram.shown()
        assert ended["message_id"] == status["message_id"]
        assert job_of(status) in ended["text"]


@pytest.mark.parametrize(
    ("caption", "says"),
    [
        ("/animate gore", "not welcome"),
        ("/animate seconds=long x", "I don't understand seconds=long"),
        ("/animate motion=sideways x", "I don't understand motion=sideways"),
        ("/animate size=9999x10 x", "no clip is that narrow"),
    ],
)
async def test_what_is_refused_is_answered_with_a_sentence(
    tmp_path: Path, caption: str, says: str
) -> None:
    async with talk(tmp_path) as at:
        await at.photo(caption)
        assert says in await at.said()


async def test_every_option_reaches_the_request(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo(
            "/animate seconds=2 size=256x192 motion=pan-left effect=rain seed=7 steps=12 "
            'guidance=2,5 negative="no people" the waves = high'
        )
        request = (await at.begun()).request
        assert (request.motion, request.effect, request.num_frames) == ("pan-left", "rain", 49)
        assert (request.width, request.height, request.seed) == (256, 192, 7)
        assert (request.negative_prompt, request.num_inference_steps) == ("no people", 12)
        assert (request.guidance_scale, request.prompt) == (2.5, "the waves = high")


async def test_after_a_restart_the_place_is_said_to_be_kept_and_the_clip_comes(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        await at.photo(user=1, chat=1)
        first = await at.begun()
        await at.photo()
        await at.said()
        await at.dealt_with()
        await at.restart()
        await at.telegram.until(lambda: "restarted meanwhile" in str(at.telegram.shown()))
        await at.finish(first)
        await at.finish()
        await at.clip(1)
        await at.clip()


async def test_no_token_is_in_any_log_line_whatever_goes_wrong(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    for library in ("httpx", "telegram"):
        logging.getLogger(library).setLevel(logging.WARNING)  # as the program does
    async with talk(tmp_path) as at:
        at.telegram.fail("getFile", 500, "Internal Server Error", times=3)
        await at.photo()
        assert "could not fetch" in await at.said()
        at.telegram.fail("sendMessage", 500, "Internal Server Error")
        at.telegram.fail("editMessageMedia", 502, "Bad Gateway")
        await at.photo()
        await at.finish()
        await at.telegram.until(lambda: at.telegram.called("editMessageMedia"))
        await settled()
        at.home.clock.pass_(20.0)
        await at.clip()
        at.telegram.fail("getUpdates", 500, "Internal Server Error")
    said = caplog.text + "".join(capsys.readouterr())
    assert said
    assert TOKEN not in said
    assert TOKEN.partition(":")[2] not in said


@pytest.mark.parametrize(
    ("text", "unfolds"),
    [
        ("see https://example.com", True),
        ("see example.com/x", True),
        ("2nd of 3 in line, starts in about 2 min.", False),
        ("3.5 s · seed 7. The rest.", False),
    ],
)
def test_no_address_unfolds(text: str, unfolds: bool) -> None:
    assert (link_preview(text) is not None) is unfolds


async def test_a_group_is_paced_as_one_chat(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo(chat=GROUP)
        await at.begun()
        await at.said(GROUP)
        job = (await at.home.service.view(job_of(at.telegram.shown(GROUP)[0]))).job
        pace = at.front.transport.pace(job)
        assert (pace.place, pace.message) == (f"telegram:{GROUP}", 3.0)
