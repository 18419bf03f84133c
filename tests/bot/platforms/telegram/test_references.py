"""What people mean by what they answer, send along or forward, also after a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import telegram

from bot.platforms.telegram.sources import picture_of
from generation.engine.protocol import Animation
from tests.bot.platforms.telegram.test_story import job_of
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import BOT, GROUP

slow = pytest.mark.slow

SMALL = {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 60}
LARGE = {"file_id": "large", "file_unique_id": "l", "width": 900, "height": 600}
CLIP = {"file_id": "clip", "file_unique_id": "c", "width": 900, "height": 600, "duration": 3}
STICKER = LARGE | {"type": "regular", "is_animated": False, "is_video": False}
US = {"id": BOT, "is_bot": True, "first_name": "photoplay"}
ORIGIN = {"type": "hidden_user", "date": 1_800_000_000, "sender_user_name": "somebody"}


def document(mime: str | None, name: str | None) -> dict[str, Any]:
    file = {"file_id": "large", "file_unique_id": "l", "thumbnail": SMALL}
    named = {} if name is None else {"file_name": name}
    return {"document": file | named | ({} if mime is None else {"mime_type": mime})}


@pytest.mark.parametrize(
    ("held", "file"),
    [
        ({"photo": [SMALL, LARGE]}, "large"),
        ({"video": CLIP | {"cover": [SMALL, LARGE], "thumbnail": SMALL}}, "large"),
        ({"video": CLIP | {"thumbnail": SMALL}}, "small"),
        ({"video": CLIP}, None),
        ({"animation": CLIP | {"mime_type": "video/mp4", "thumbnail": SMALL}}, "small"),
        ({"animation": CLIP | {"mime_type": "image/gif", "thumbnail": SMALL}}, "clip"),
        ({"live_photo": CLIP | {"photo": [SMALL, LARGE]}}, "large"),
        ({"sticker": STICKER}, "large"),
        ({"sticker": STICKER | {"is_video": True, "thumbnail": SMALL}}, "small"),
        (document("image/heic", "photo.heic"), "large"),
        (document(None, "photo.HEIC"), "large"),
        (document("application/octet-stream", "photo.jpeg"), "large"),
        (document("application/octet-stream", "photo"), "large"),
        (document(None, None), "large"),
        (document("application/octet-stream", "film.mkv"), None),
        (document("video/mp4", "film.mp4"), "small"),
        (document("application/pdf", "picture.png"), None),
        ({"text": "hello"}, None),
    ],
)
def test_a_picture_is_found_in_whatever_holds_it_and_only_a_clips_thumbnail_is_one(
    held: dict[str, Any], file: str | None
) -> None:
    message = {"message_id": 1, "date": 1_800_000_000, "chat": {"id": 5, "type": "private"}}
    source = picture_of(telegram.Message.de_json(message | held, None))
    assert (source.file if source is not None else None) == file


def input_of(at: Talk, animation: Animation) -> bytes:
    return at.home.workspace.input(animation.request.image).read_bytes()


async def send(at: Talk, content: bytes, **more: Any) -> dict[str, Any]:
    return await at.telegram.say(photo=[at.telegram.picture(content)], **more)


def answered(shown: dict[str, Any]) -> dict[str, Any]:
    """A message of ours as it comes inside an answer: without what it answered itself."""
    return {key: value for key, value in shown.items() if key not in ("answers", "thread")}


@slow
async def test_the_right_one_of_several_questions_is_answered_also_after_a_restart(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        for count, content in enumerate((b"one", b"two", b"three"), start=1):
            await send(at, content)
            await at.said(count=count)
        await settled()
        await at.restart()
        second = answered(at.telegram.shown()[1])
        await at.telegram.say(text="it smiles", reply_to_message=second)
        animation = await at.begun()
        assert (input_of(at, animation), animation.request.prompt) == (b"two", "it smiles")


@slow
async def test_words_are_meant_for_the_newest_picture_also_after_a_restart(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        await send(at, b"one")
        await at.said()
        await settled()
        await at.restart()
        await at.telegram.say(text="seconds=long it smiles")
        assert "seconds=4" in await at.said(count=2)
        await at.telegram.say(text="it smiles")
        animation = await at.begun()
        assert (input_of(at, animation), animation.request.prompt) == (b"one", "it smiles")
        await at.telegram.say(text="thank you")
        await at.telegram.until(lambda: "Send me a picture" in str(at.telegram.shown()))
        assert at.engine.begun.empty()


@slow
async def test_messages_of_the_service_are_no_words_and_forget_nothing(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        picture = await send(at, b"one")
        await at.said()
        await at.telegram.say(pinned_message=picture)
        await at.telegram.say(message_auto_delete_timer_changed={"message_auto_delete_time": 9})
        joined = {"id": 78, "is_bot": False, "first_name": "somebody"}
        await at.telegram.say(new_chat_members=[joined])
        voice = {"file_id": "v", "file_unique_id": "v", "duration": 1}
        await at.telegram.say(voice=voice)
        assert "Send me a picture" in await at.said(count=2)
        await at.telegram.say(text="it smiles")
        assert input_of(at, await at.begun()) == b"one"
        assert len(at.telegram.called("sendMessage")) in (2, 3)


@slow
async def test_words_in_answer_to_a_clip_of_ours_change_it_from_its_own_picture(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        await send(at, b"original", caption="/animate seconds=1 the sea")
        await at.finish()
        clip = answered(await at.clip())
        clip["video"] = clip["video"] | {"thumbnail": at.telegram.picture(b"poster")}
        await at.telegram.say(text="effect=snow it freezes", reply_to_message=clip)
        animation = await at.begun()
        request = animation.request
        assert (input_of(at, animation), request.remixed_from) == (b"original", job_of(clip))
        assert (request.prompt, request.effect, request.num_frames) == ("it freezes", "snow", 25)
        await at.finish(animation)
        await at.telegram.say(text="/animate effect=rain", reply_to_message=clip)
        animation = await at.begun()
        assert (animation.request.prompt, animation.request.effect) == ("the sea", "rain")
        await at.finish(animation)
        await at.telegram.say(text="/animate", reply_to_message=clip)
        again = (await at.begun()).request
        assert (again.prompt, again.seed != request.seed) == ("the sea", True)


@slow
async def test_in_a_group_a_remark_on_a_clip_is_no_edit_and_a_command_is(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await send(at, b"original", chat=GROUP, caption="/animate seconds=1 the sea")
        await at.finish()
        clip = answered(await at.clip(GROUP))
        await at.telegram.say(chat=GROUP, user=77, text="how nice", reply_to_message=clip)
        await at.telegram.say(
            chat=GROUP, user=78, text="/animate it freezes", reply_to_message=clip
        )
        animation = await at.begun()
        assert (input_of(at, animation), animation.request.prompt) == (b"original", "it freezes")
        await at.finish(animation)
        await settled()
        assert at.engine.begun.empty()


@slow
async def test_a_clip_of_ours_that_is_not_known_any_more_is_said_so(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        poster = at.telegram.picture(b"poster")
        old = at.telegram.message(video=CLIP | {"thumbnail": poster}) | {"from": US}
        await at.telegram.say(text="/animate it freezes", reply_to_message=old)
        assert "can't see that picture" in await at.said()


@slow
async def test_a_picture_of_another_chat_can_be_answered(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        channel = {"id": -1001, "type": "channel", "title": "News"}
        photo = [at.telegram.picture(b"elsewhere")]
        reply = {"origin": ORIGIN, "chat": channel, "message_id": 9, "photo": photo}
        await at.telegram.say(chat=GROUP, text="/animate it moves", external_reply=reply)
        assert input_of(at, await at.begun()) == b"elsewhere"


@slow
async def test_an_album_is_waited_for_and_any_of_its_captions_counts(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        for chat, caption in ((GROUP, "/animate it moves"), (55, "it moves")):
            for number, content in enumerate((b"one", b"two", b"three")):
                captioned = {"caption": caption} if number == 1 else {}
                await send(at, content, chat=chat, media_group_id=f"album{chat}", **captioned)
            assert "of your 3 pictures?" in await at.said(chat)
        await settled()
        assert len(at.telegram.shown(GROUP)) == 1
        assert at.engine.begun.empty()


@slow
async def test_an_album_without_words_is_asked_about_once(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        for content in (b"one", b"two", b"three"):
            await send(at, content, media_group_id="9")
        await at.said()
        await at.telegram.say(text="it smiles")
        assert "of your 3 pictures?" in await at.said(count=2)
        assert sum("What should happen?" in str(one) for one in at.telegram.shown()) == 1


@slow
async def test_words_sent_along_with_a_forwarded_picture_are_its_prompt(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.say(text="it smiles")
        await send(at, b"forwarded", caption="my holiday", forward_origin=ORIGIN)
        animation = await at.begun()
        assert (input_of(at, animation), animation.request.prompt) == (b"forwarded", "it smiles")
        await settled()
        assert "What should happen?" not in str(at.telegram.shown())


@slow
async def test_a_channels_post_without_any_sender_is_the_channels(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        chat = {"id": -1001, "type": "channel", "title": "News"}
        bare = {"message_id": 500, "date": 1_800_000_000, "chat": chat}
        photo = [at.telegram.picture(b"news")]
        post = bare | {"photo": photo, "caption": "/animate seconds=1 x"}
        await at.telegram.happen("channel_post", post)
        await at.finish()
        clip = answered(await at.clip(-1001))
        clip["chat"] = chat
        del clip["from"]
        edit = bare | {"message_id": 501, "text": "/animate it moves", "reply_to_message": clip}
        await at.telegram.happen("channel_post", edit)
        assert input_of(at, await at.begun()) == b"news"


@slow
async def test_a_group_that_became_a_supergroup_takes_its_questions_along(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await send(at, b"original", chat=GROUP, caption="/animate seconds=1 the sea")
        await at.finish()
        clip = await at.clip(GROUP)
        await at.telegram.press(clip, f"v1|edit|{job_of(clip)}")
        await at.telegram.until(lambda: len(at.telegram.shown(GROUP)) == 2)
        await at.dealt_with()  # what the question is about is noted once it stands there
        question = answered(at.telegram.shown(GROUP)[-1])
        await at.telegram.say(chat=GROUP, migrate_to_chat_id=-100900)
        there = {"id": -100900, "type": "supergroup"}
        moved = question | {"chat": there, "text": "whatever it said"}
        await at.telegram.say(chat=-100900, text="it freezes", reply_to_message=moved)
        assert (await at.begun()).request.prompt == "it freezes"
