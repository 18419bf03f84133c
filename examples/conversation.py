"""Makes the picture of a conversation in the README out of what the bot really sent.

Run it from the checkout, with the test extra and a Chromium: the real program with the camera
engine answers three people on a Discord of the tests, and what then stands in the channel is drawn.
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
    "ben": ("astronaut", "it rains, the camera pans slowly to the right", 10.0),
    "kim": ("chelsea", "snow is falling, slow zoom out", 10.0),
}
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
                messages, asked = await conversation(discord)
            finally:
                await asyncio.to_thread(program.stop)
        page = "".join(drawn(discord, message, asked[message["id"]]) for message in messages)
    await shoot(f"<style>{STYLE}</style>{page}", HERE / "discord.png")


async def conversation(discord: Discord) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """What stands in the channel while one clip is there, one under way and one in line."""
    await discord.until(lambda: discord.gateway.identified)
    asked = {}
    for number, (name, (picture, prompt, seconds)) in enumerate(PEOPLE.items()):
        content = (HERE / f"{picture}.png").read_bytes()
        told = await discord.animate(content, user=str(50 + number), prompt=prompt, seconds=seconds)
        if name == "ann":
            await discord.until(lambda: any(one["attachments"] for one in discord.shown()))
        await discord.until(lambda: len([m for m in discord.shown() if m["content"]]) > number)  # noqa: B023
        asked[str(told.original)] = name

    def under_way() -> bool:
        text = " ".join(one["content"] for one in discord.shown(CHANNEL))
        return "▰" in text and "starts <t:" in text

    await discord.until(under_way, seconds=60)
    return copy.deepcopy(discord.shown(CHANNEL)), asked


def drawn(discord: Discord, message: dict[str, Any], name: str) -> str:
    buttons = [one for row in message["components"] for one in row["components"]]
    pressed = "".join(f'<span class="s{one["style"]}">{one["label"]}</span>' for one in buttons)
    films = "".join(film(discord.uploads[one["id"]]) for one in message["attachments"])
    return f"""<div class="message">
      <div class="used">{name.title()} used <b>/animate</b></div>
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
    source = f"data:image/jpeg;base64,{b64encode(picture.getvalue()).decode()}"
    return f'<span class="film"><img src="{source}"><i>▶</i></span>'


async def shoot(page: str, target: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = await browser.new_page(viewport={"width": 690, "height": 400})
        await tab.set_content(page)
        await tab.screenshot(path=str(target), full_page=True)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
