"""Makes the picture of a conversation in the README out of what the bot really sent.

Run it from the checkout, with the test extra and a Chromium: the real program with the camera
engine answers people on a Discord of the tests, and what then stands in the channel is drawn.
"""

from __future__ import annotations

import asyncio
import copy
import html
import io
import re
import sys
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import Any

import av
from playwright.async_api import async_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.fakes.discord.double import CHANNEL, Discord  # noqa: E402
from tests.fakes.discord.rest import discord_double  # noqa: E402
from tests.fakes.program.process import Program  # noqa: E402

PEOPLE = {
    "ann": ("chelsea", "slowly push in, she looks at you", 3.0),
    "kim": ("chelsea", "snow is falling, slow zoom out", 10.0),
}
BOARD = "she looks up, slowly push in (2 s)\nthe rocket rises, slow tilt up\nsnow falls on it"
PICTURES = ("astronaut.png", "rocket.jpg")
WHO = ("ann", "ben", "kim")
BEFORE_FILM = "<!-- the form -->"
CHROMIUM = "/usr/bin/chromium"
STYLE = """
body { margin: 0; padding: 20px 24px; width: 640px; background: #313338; color: #dbdee1;
  font: 16px/1.375 "Noto Sans", "DejaVu Sans", sans-serif }
.message { display: grid; grid-template-columns: 40px 1fr; gap: 2px 16px; margin-bottom: 22px }
.used { grid-column: 2; font-size: 14px; color: #b5bac1 } .used b { color: #fff }
.face { grid-column: 1; width: 40px; height: 40px; border-radius: 50%; background: #5865f2;
  display: grid; place-items: center; font-size: 18px; color: #fff }
.name { color: #fff; font-weight: 600 }
.app { background: #5865f2; color: #fff; border-radius: 4px; font-size: 10px; padding: 1px 5px;
  vertical-align: 2px }
.film { position: relative; display: inline-block; margin-top: 6px }
.film img { width: 360px; border-radius: 8px; display: block }
.film i { position: absolute; inset: 0; margin: auto; width: 56px; height: 56px;
  border-radius: 50%; background: #000a; display: grid; place-items: center; font-style: normal }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 6px }
.buttons span { padding: 6px 16px; border-radius: 8px; background: #4e5058; color: #fff;
  font-size: 14px }
.buttons .s1 { background: #5865f2 } .buttons .s4 { background: #da373c }
.form { margin: 0 0 22px 56px; width: 380px; background: #2b2d31; border-radius: 8px;
  padding: 16px }
.form h3 { margin: 0 0 10px; color: #fff; font-size: 17px }
.form label { display: block; margin: 10px 0 4px; font-size: 13px; font-weight: 600 }
.form p { margin: 0; padding: 8px 10px; background: #1e1f22; border-radius: 4px; font-size: 14px;
  white-space: pre-line; min-height: 19px }
.form img { height: 72px; border-radius: 4px; margin: 0 8px 0 0 }
.time { background: #ffffff0f; border-radius: 3px; padding: 0 2px }
"""


async def main() -> None:
    async with discord_double() as discord:
        with tempfile.TemporaryDirectory() as folder:
            settings = {
                "PHOTOPLAY_DISCORD__TOKEN": "not-a-real-token",
                "PHOTOPLAY_DISCORD__API_URL": f"{discord.url}/api/v10",
            }
            program = Program(Path(folder), settings=settings)
            await asyncio.to_thread(program.start)
            try:
                messages, form = await conversation(discord)
            finally:
                await asyncio.to_thread(program.stop)
        page = "".join(drawn(discord, one, name) for one, name in zip(messages, WHO, strict=True))
        page = page.replace(BEFORE_FILM, form)
    await shoot(f"<style>{STYLE}</style>{page}", HERE / "discord.png")


async def conversation(discord: Discord) -> tuple[list[dict[str, Any]], str]:
    """What stands in the channel while a clip and a film are there and the next is under way.

    And the form that asked for the film, as it was filled in.
    """
    await discord.until(lambda: discord.gateway.identified)
    form = ""
    for number, (name, (picture, prompt, seconds)) in enumerate(PEOPLE.items()):
        content = (HERE / f"{picture}.png").read_bytes()
        await discord.animate(content, user=str(50 + number), prompt=prompt, seconds=seconds)
        if name == "ann":
            await shown(discord, 1)
            form = await storyboard(discord)
            await shown(discord, 2)

    def under_way() -> bool:
        return "▰" in discord.shown(CHANNEL)[-1]["content"]

    await discord.until(under_way, seconds=60)
    return copy.deepcopy(discord.shown(CHANNEL)), form


async def shown(discord: Discord, count: int) -> None:
    """Until so many clips are there."""

    def clips() -> bool:
        return sum(bool(one["attachments"]) for one in discord.shown()) >= count

    await discord.until(clips, seconds=180)


async def storyboard(discord: Discord) -> str:
    """The form that `/storyboard` opens, filled in and sent; as it looks then."""
    data = {"id": "1", "name": "storyboard", "type": 1, "options": []}
    asked = await discord.interact(2, data, user="60")
    await discord.until(lambda: asked.callback)
    assert asked.callback is not None
    files = [discord.attach((HERE / name).read_bytes(), name) for name in PICTURES]
    values: dict[str, dict[str, Any]] = {
        "pictures": {"values": [file["id"] for file in files]},
        "scenes": {"value": BOARD},
        "seconds": {"value": "2"},
        "transition": {"values": ["crossfade"]},
    }
    said = asked.callback["data"]
    filled = [
        {**label, "component": label["component"] | values[label["component"]["custom_id"]]}
        for label in said["components"]
    ]
    sent = {"custom_id": said["custom_id"], "components": filled}
    sent["resolved"] = {"attachments": {file["id"]: file for file in files}}
    submitted = await discord.interact(5, sent, user="60")
    await discord.until(lambda: submitted.original)
    pictures = "".join(f'<img src="{source_of(discord.uploads[one["id"]])}">' for one in files)
    rows = "".join(row(label, pictures) for label in filled)
    return f'<div class="form"><h3>{said["title"]}</h3>{rows}</div>'


def row(label: dict[str, Any], pictures: str) -> str:
    """A field of the form with what stands in it."""
    field = label["component"]
    inside = html.escape(field.get("value", ""))
    if field["custom_id"] == "pictures":
        inside = pictures
    elif "options" in field:
        [inside] = [one["label"] for one in field["options"] if one["value"] in field["values"]]
    return f"<label>{label['label']}</label><p>{inside}</p>"


def drawn(discord: Discord, message: dict[str, Any], name: str) -> str:
    buttons = [one for row in message["components"] for one in row["components"]]
    command = "storyboard" if name == "ben" else "animate"
    pressed = "".join(f'<span class="s{one["style"]}">{one["label"]}</span>' for one in buttons)
    films = "".join(film(discord.uploads[one["id"]]) for one in message["attachments"])
    return f"""{BEFORE_FILM if name == "ben" else ""}<div class="message">
      <div class="used">{name.title()} used <b>/{command}</b></div>
      <div class="face">▶</div>
      <div><span class="name">photoplay</span> <span class="app">APP</span><br>
      {marked(message["content"])}<br>{films}<div class="buttons">{pressed}</div></div></div>"""


def marked(text: str) -> str:
    """Discord's markup, as far as the bot uses it."""
    plain = html.escape(re.sub(r"\\([^\w\s])", r"\1", text), quote=False)
    plain = re.sub(r"&lt;t:\d+:R&gt;", '<span class="time">in a few seconds</span>', plain)
    return plain.replace("\n", "<br>")


def film(content: bytes) -> str:
    with av.open(io.BytesIO(content)) as container:
        frames = [frame.to_image() for frame in container.decode(video=0)]
    picture = io.BytesIO()
    frames[len(frames) // 2].save(picture, "JPEG", quality=88)
    return f'<span class="film"><img src="{source_of(picture.getvalue())}"><i>▶</i></span>'


def source_of(picture: bytes) -> str:
    return f"data:image/jpeg;base64,{b64encode(picture).decode()}"


async def shoot(page: str, target: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = await browser.new_page(viewport={"width": 690, "height": 400})
        await tab.set_content(page)
        await tab.screenshot(path=str(target), full_page=True)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
