"""Makes the picture of a Telegram chat in the README out of what the bot really sent.

Run it as `conversation.py`: the real program with the camera engine answers in a private chat of
the tests' Telegram, and what then stands there is drawn.
"""

from __future__ import annotations

import asyncio
import copy
import html
import io
import sys
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from conversation import film, shoot  # noqa: E402

from tests.fakes.program.process import Program  # noqa: E402
from tests.fakes.telegram.double import TOKEN, Telegram, telegram_double  # noqa: E402

STYLE = """
body { margin: 0; padding: 18px 22px; width: 646px; background: #0e1621; color: #f5f5f5;
  font: 15px/1.4 "Noto Sans", "DejaVu Sans", sans-serif; display: flex; flex-direction: column }
.bubble { max-width: 380px; border-radius: 12px; padding: 8px 12px; margin-bottom: 8px;
  background: #182533; align-self: flex-start }
.mine { background: #2b5278; align-self: flex-end }
.mine img { width: 220px; border-radius: 8px; display: block; margin-bottom: 6px }
.album { display: flex; gap: 4px } .album img { width: 176px; height: 150px; object-fit: cover }
.reply { border-left: 3px solid #6ab2f2; padding-left: 8px; font-size: 13px; color: #9fb8cd;
  margin-bottom: 6px }
.film { position: relative; display: block; margin-bottom: 6px }
.film img { width: 356px; border-radius: 8px; display: block }
.film i { position: absolute; inset: 0; margin: auto; width: 52px; height: 52px;
  border-radius: 50%; background: #000a; display: grid; place-items: center; font-style: normal }
.keys { width: 404px; display: flex; flex-direction: column; gap: 4px; margin: -4px 0 14px }
.keys div { display: flex; gap: 4px }
.keys span { flex: 1; text-align: center; padding: 8px; border-radius: 8px; background: #2b3a4a;
  font-size: 14px }
"""


async def main() -> None:
    async with telegram_double() as telegram:
        with tempfile.TemporaryDirectory() as folder:
            settings = {
                "PHOTOPLAY_TELEGRAM__TOKEN": TOKEN,
                "PHOTOPLAY_TELEGRAM__API_URL": telegram.url,
            }
            program = Program(Path(folder), settings=settings)
            await asyncio.to_thread(program.start)
            try:
                shown = await conversation(telegram)
            finally:
                await asyncio.to_thread(program.stop)
    await shoot(f"<style>{STYLE}</style>{''.join(shown)}", HERE / "telegram.png")


async def conversation(telegram: Telegram) -> list[str]:
    """A photo with a caption and its clip; a bare picture, and what we ask; an album's film."""
    caption = "/animate seconds=3 slowly push in, she looks at you"
    cat, woman = ((HERE / f"{name}.png").read_bytes() for name in ("chelsea", "astronaut"))
    asked = await telegram.say(photo=[telegram.picture(cat)], caption=caption)
    await telegram.until(lambda: any("video" in one for one in telegram.shown()), seconds=60)
    await telegram.until(lambda: len(telegram.shown()) == 1)
    clip = copy.deepcopy(telegram.shown()[0])
    assert clip["answers"]["message_id"] == asked["message_id"]
    video = telegram.assets[clip["video"]["file_id"]]["data"]
    await telegram.say(photo=[telegram.picture(woman)])
    await telegram.until(lambda: len(telegram.shown()) == 2)
    question = copy.deepcopy(telegram.shown()[1])
    board, filmed = await storyboard(telegram)
    return [
        mine(cat, caption),
        theirs(clip["caption"], clip, "slowly push in…", film(video)),
        mine(woman, ""),
        theirs(question["text"], question, "Photo"),
        board,
        filmed,
    ]


async def storyboard(telegram: Telegram) -> tuple[str, str]:
    """An album with a scene a line in its caption, and the film that it becomes."""
    lines = "/storyboard seconds=2\nshe looks up\nthe rocket rises, slow tilt up\nsnow falls on it"
    names = ("astronaut.png", "rocket.jpg")
    pictures = [(HERE / name).read_bytes() for name in names]
    for number, picture in enumerate(pictures):
        captioned = {"caption": lines} if number == 0 else {}
        photo = [telegram.picture(picture)]
        await telegram.say(photo=photo, media_group_id="board", **captioned)

    def films() -> list[dict[str, Any]]:
        return [one for one in telegram.shown() if "video" in one][1:]

    await telegram.until(films, seconds=180)
    made = films()[0]
    video = telegram.assets[made["video"]["file_id"]]["data"]
    shown = "".join(f'<img src="{small(picture)}">' for picture in pictures)
    said = html.escape(lines).replace("\n", "<br>")
    album = f'<div class="bubble mine"><div class="album">{shown}</div>{said}</div>'
    return album, theirs(made["caption"], made, "/storyboard…", film(video))


def mine(picture: bytes, text: str) -> str:
    return f'<div class="bubble mine"><img src="{small(picture)}">{html.escape(text)}</div>'


def theirs(text: str, message: dict[str, Any], answers: str, video: str = "") -> str:
    said = html.escape(text).replace("\n", "<br>")
    rows = "".join(
        "<div>" + "".join(f"<span>{button['text']}</span>" for button in row) + "</div>"
        for row in message["reply_markup"]["inline_keyboard"]
    )
    reply = f'<div class="reply">{answers}</div>'
    return f'<div class="bubble">{reply}{video}{said}</div><div class="keys">{rows}</div>'


def small(picture: bytes) -> str:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.thumbnail((440, 440))
        image.convert("RGB").save(buffer, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}"


if __name__ == "__main__":
    asyncio.run(main())
