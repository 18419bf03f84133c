"""Every way in which a picture reaches us, and every message that is none of our business."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.platforms.telegram.command_parsing import Command, NoCommand, NotForUs, changed, parse
from bot.platforms.telegram.option_parsing import written
from bot.submission.options import Options
from generation.directions.vocabulary import Effect, Motion
from tests.fakes.telegram.chat import PICTURE, Talk, talk
from tests.fakes.telegram.double import GROUP, PRIVATE
from tests.generation.media.clips import encoded

pytestmark = pytest.mark.slow


def taps(message: dict[str, Any]) -> dict[str, str]:
    rows = message["reply_markup"]["inline_keyboard"]
    return {button["text"]: button["callback_data"] for row in rows for button in row}


async def question(at: Talk) -> dict[str, Any]:
    """What we ask about a bare picture, as Telegram then shows it to us."""
    picture_message = await at.photo(None)
    await at.telegram.until(lambda: at.telegram.shown())
    return at.telegram.shown()[-1] | {"reply_to_message": picture_message}


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("/animate the sea", Command("animate", "the sea")),
        ("/Animate@PhotoplayBot\nthe sea", Command("animate", "the sea")),
        ("/animate das Meer 🌊", Command("animate", "das Meer 🌊")),
        ("/animate@PhotoplayBot\nthe sea", Command("animate", "the sea")),
        ("/animate@otherbot the sea", NotForUs()),
        ("/animated", Command("animated", "")),
        ("\u200e/animate\u00a0the sea", Command("animate", "the sea")),
        *((f"/animate{one}sea", Command("animate", "sea")) for one in (": ", ". ", "! ", "…", "—")),
        ("/animate(seconds=4) the sea", Command("animate", "(seconds=4) the sea")),
        ("/animate“the sea”", Command("animate", "“the sea”")),
        ("\u2060/animate the sea", Command("animate", "the sea")),
        ("/animate/the/sea", NoCommand("/animate/the/sea")),
        ("a /animate b", NoCommand("a /animate b")),
        ("", NoCommand("")),
    ],
)
def test_a_command_is_known_with_our_name_and_without(text: str, means: object) -> None:
    assert parse(text, "photoplaybot") == means


def test_an_edit_keeps_what_was_not_named() -> None:
    before = Options("old", num_frames=25, fps=24, seed=5, motion=Motion.ZOOM_IN, size="256x192")
    after = changed(before, written("effect=snow new"))
    assert (after.prompt, after.effect, after.motion) == ("new", Effect.SNOW, Motion.ZOOM_IN)
    assert (after.num_frames, after.seed, after.size) == (25, 5, "256x192")
    longer = changed(before, written("seconds=3 new"))
    assert (longer.seconds, longer.num_frames) == (3.0, None)
    rainy = Options("old", motion=Motion.PAN_LEFT, effect=Effect.RAIN, size="256x192")
    back = changed(rainy, written("motion=auto effect=auto size=auto the sea"))
    assert (back.motion, back.effect, back.size) == (Motion.AUTO, Effect.AUTO, "auto")
    said = changed(rainy, written("zoom out slowly, it snows"))
    assert (said.motion, said.effect, said.size) == (Motion.AUTO, Effect.AUTO, "256x192")
    kept = changed(rainy, written("a calm sea"))
    assert (kept.motion, kept.effect) == (Motion.PAN_LEFT, Effect.RAIN)


async def test_an_image_sent_as_a_file_keeps_its_quality(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        file = at.telegram.picture(b"original", "photo.heic") | {"mime_type": "image/heic"}
        await at.telegram.say(document=file, caption="/animate it moves")
        image = at.home.workspace.input((await at.begun()).request.image)
        assert image.read_bytes() == b"original"


async def test_a_command_in_answer_to_a_picture_a_sticker_or_a_clip(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        still = at.telegram.picture(b"sticker", "sticker")
        sticker = still | {"type": "regular", "is_animated": False, "is_video": False}
        video = at.telegram.picture(b"video", "video") | {"duration": 1}
        video["thumbnail"] = at.telegram.picture(b"poster", "poster")
        for held, content in (
            ({"photo": [at.telegram.picture(b"photo")]}, b"photo"),
            ({"sticker": sticker}, b"sticker"),
            ({"video": video}, b"poster"),
        ):
            answered = at.telegram.message(chat=GROUP, user=77, **held)
            await at.telegram.say(chat=GROUP, text="/animate it moves", reply_to_message=answered)
            animation = await at.begun()
            assert at.home.workspace.input(animation.request.image).read_bytes() == content
            await at.finish(animation)


async def test_what_names_another_bot_or_nobody_is_left_alone_in_a_group(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo("/animate@otherbot x", chat=GROUP)
        await at.photo("a nice picture", chat=GROUP)
        await at.photo(None, chat=GROUP)
        await at.telegram.say(chat=GROUP, text="hello")
        await at.telegram.say(chat=GROUP, text="/unknown")
        await at.photo("/animate@PhotoplayBot seconds=1 x", chat=GROUP)
        await at.begun()
        await at.said(GROUP)
        assert len(at.telegram.shown(GROUP)) == 1


async def test_words_without_a_picture_get_told_what_to_send(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.say(text="/animate the sea")
        assert "caption /animate" in await at.said()
        await at.telegram.say(text="hello")
        assert "Send me a picture" in await at.said(count=2)


async def test_a_bare_picture_in_private_is_asked_about_and_one_tap_begins(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        choice = await question(at)
        press = await at.telegram.press(choice, taps(choice)["▶ Animate it"])
        assert (await at.begun()).request.prompt == ""
        await at.telegram.until(lambda: at.telegram.answered(press))
        await at.telegram.until(lambda: len(at.telegram.shown()) == 1)
        assert (await at.said()).startswith(("Next in line", "Warming up"))


async def test_the_answer_to_our_question_is_the_prompt(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        choice = await question(at)
        await at.telegram.say(text="seconds=1 it smiles", reply_to_message=choice)
        request = (await at.begun()).request
        assert (request.prompt, request.num_frames) == ("it smiles", 25)


async def test_a_picture_with_plain_words_in_private_is_animated_by_them(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo("it smiles")
        assert (await at.begun()).request.prompt == "it smiles"


async def test_the_words_under_a_forwarded_picture_are_nobodys_prompt(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        author = {"id": 9, "is_bot": False, "first_name": "somebody"}
        origin = {"type": "user", "date": 1_800_000_000, "sender_user": author}
        await at.photo("my holiday", forward_origin=origin)
        assert "What should happen?" in await at.said()
        assert at.engine.begun.empty()


async def test_the_same_update_twice_makes_one_clip(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        message = await at.photo()
        await at.telegram.happen("message", message)
        await at.finish()
        await at.clip()
        assert at.engine.begun.empty()
        assert len(await at.home.service.videos(requester())) == 1


async def test_an_edited_caption_makes_no_second_clip_but_may_make_the_first(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        message = await at.photo("/animate seconds=1 the sea")
        await at.finish()
        await at.clip()
        await at.telegram.happen("edited_message", message | {"caption": "/animate the land"})
        bare = await at.photo("look at this", chat=GROUP)
        await at.telegram.happen("edited_message", bare | {"caption": "/animate the sky"})
        assert (await at.begun()).request.prompt == "the sky"
        assert len(await at.home.service.videos(requester())) == 2


async def test_a_channels_post_is_the_channels_request(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        chat = {"id": -1001, "type": "channel", "title": "News"}
        post = at.telegram.message(chat=-1001) | {"chat": chat, "sender_chat": chat}
        del post["from"]
        picture = [at.telegram.picture(PICTURE)]
        await at.telegram.happen(
            "channel_post", post | {"photo": picture, "caption": "/animate seconds=1 x"}
        )
        await at.finish()
        await at.clip(-1001)
        assert len(await at.home.service.videos(requester(-1001))) == 1


async def test_a_topic_is_answered_in_the_topic(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo(chat=GROUP, message_thread_id=5, is_topic_message=True)
        await at.finish()
        assert (await at.clip(GROUP))["thread"] in (5, "5")
        await at.photo(chat=-901, message_thread_id=1, is_topic_message=True)
        await at.finish()
        assert (await at.clip(-901))["thread"] is None


async def test_a_picture_over_the_clouds_limit_is_refused(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        large = at.telegram.picture(b"x") | {"file_size": 21_000_000, "mime_type": "image/png"}
        await at.telegram.say(document=large, caption="/animate x")
        assert "21.0 MB; I take pictures of up to 20 MB" in await at.said()


async def test_a_server_of_our_own_delivers_its_files(tmp_path: Path) -> None:
    async with talk(tmp_path / "data", local=True) as at:
        on_disk = tmp_path / "photo.png"
        on_disk.write_bytes(b"on disk")
        picture = at.telegram.picture(b"x") | {"file_id": str(on_disk)}
        at.telegram.assets[str(on_disk)] = {"size": 7, "data": b"", "filename": "photo.png"}
        await at.telegram.say(photo=[picture], caption="/animate seconds=1 x")
        image = at.home.workspace.input((await at.begun()).request.image)
        assert image.read_bytes() == b"on disk"


def requester(user: int = PRIVATE) -> Any:
    from generation.jobs import Requester

    return Requester("telegram", str(user))


async def test_a_clip_that_comes_back_shows_its_recipe_and_is_made_again(tmp_path: Path) -> None:
    clip = encoded(tmp_path).path.read_bytes()
    async with talk(tmp_path / "chat") as at:
        cover = at.telegram.picture(b"cover")
        video = at.telegram.picture(clip, "video") | {"mime_type": "video/mp4", "duration": 1}
        sent = await at.telegram.say(video=video | {"thumbnail": cover})
        shown = await at.said()
        assert "Prompt: a slow pan to the left" in shown
        assert "seed: 7" in shown
        assert "What should happen?" in shown
        panel = at.telegram.shown()[-1] | {"reply_to_message": sent}
        await at.telegram.press(panel, taps(panel)["▶ Animate it"])
        again = await at.begun()
        assert (again.request.prompt, again.request.seed) == ("a slow pan to the left", 7)
        await at.finish(again)
        document = video | {"file_name": "clip.mp4"}
        await at.telegram.say(document=document, caption="/animate the sun sets")
        other = await at.begun()
        assert (other.request.prompt, other.request.seed) == ("the sun sets", 7)
        await at.finish(other)
        foreign = at.telegram.picture(b"\0\0\0\x18ftypisom" + b"\0" * 20, "other")
        await at.telegram.say(
            video=foreign | {"duration": 1, "thumbnail": cover}, caption="/animate the sea"
        )
        plain = await at.begun()
        assert at.home.workspace.input(plain.request.image).read_bytes() == b"cover"
