"""What the page costs a browser, and what large uploads cost the bot."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import httpx
import numpy as np
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
LOADS = 5
CLIPS = 20
UPLOADS = 100
SIDE = 1870
"""Pixels of a square of noise that is 10 MB as a PNG."""

WIRE_GOAL, INTERACTIVE_GOAL, GROWN_GOAL = 60.0, 300.0, 20.0
"""kB over the wire, ms, MB that the bot has grown by."""


@dataclass(frozen=True)
class Visit:
    """One load of the page with nothing cached."""

    kilobytes: float
    requests: int
    interactive: float


def visited(browser: Browser, url: str) -> Visit:
    """What came over the wire, heads included, until everything on the page answers."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes: list[float] = []
    devtools.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.goto(url)
    page.wait_for_selector("html[data-ready]", state="attached")  # no more: asking costs it time
    ready = page.evaluate("performance.getEntriesByName('ready')[0].startTime")
    page.wait_for_timeout(300)
    context.close()
    return Visit(sum(sizes) / 1000, len(sizes), ready)


def clips_without_videos(browser: Browser, url: str) -> tuple[int, int]:
    """How many clips the page shows, and how many videos it has fetched for that."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(url)
    jar = {one["name"]: one["value"] for one in context.cookies()}
    with httpx.Client(base_url=url, cookies=jar, timeout=120) as client:
        picture = png(96)
        for _ in range(CLIPS):
            made(client, picture)
    fetched: list[str] = []
    page.on("request", lambda one: fetched.append(one.url))
    page.reload()
    page.wait_for_selector(f".card video >> nth={CLIPS - 1}", state="attached")
    page.wait_for_timeout(1000)
    videos = sum("variant=video" in one for one in fetched)
    count = page.locator(".card video").count()
    context.close()
    return count, videos


def made(client: httpx.Client, picture: bytes) -> None:
    small = {"size": "64x64", "num_frames": "9"}
    answer = client.post("/v1/videos", data=small, files={"input_reference": picture})
    answer.raise_for_status()
    while client.get(f"/v1/videos/{answer.json()['id']}").json()["status"] != "completed":
        time.sleep(0.02)


def png(side: int) -> bytes:
    """A square of noise, which nothing makes smaller."""
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=0)
    return buffer.getvalue()


def uploads(url: str, memory: Callable[[], float]) -> tuple[float, float, float]:
    """Seconds for all of them, MB of the bot after the first ten and after all."""
    picture = png(SIDE)
    began = time.perf_counter()
    early = 0.0
    with httpx.Client(base_url=url, timeout=120) as client:
        for number in range(UPLOADS):
            answer = client.post("/v1/videos", files={"input_reference": picture})
            answer.raise_for_status()
            client.delete(f"/v1/videos/{answer.json()['id']}").raise_for_status()
            if number == 9:
                early = memory()
    return time.perf_counter() - began, early, memory()


def page_goals(url: str, memory: Callable[[], float]) -> list[tuple[bool, str]]:
    """Measure and print; each goal, and whether it is met."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        return [(False, "there is no Chromium here to measure the page with")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        visits = [visited(browser, url) for _ in range(LOADS)]
        shown, videos = clips_without_videos(browser, url)
        browser.close()
    seconds, early, late = uploads(url, memory)
    best = min(visits, key=lambda one: one.interactive)
    size, fast = best.kilobytes, best.interactive
    print(f"interactive after, ms: {', '.join(f'{one.interactive:.0f}' for one in visits)}")
    print(f"{UPLOADS} uploads of 10 MB in {seconds:.0f} s: {early:.0f} MB, then {late:.0f} MB RSS")
    return [
        (size < WIRE_GOAL, f"{size:.1f} kB in {best.requests} requests (under {WIRE_GOAL:g} kB)"),
        (fast < INTERACTIVE_GOAL, f"interactive in {fast:.0f} ms (under {INTERACTIVE_GOAL:g} ms)"),
        (videos == 0 and shown == CLIPS, f"{shown} clips shown, {videos} videos fetched for it"),
        (late - early < GROWN_GOAL, f"grown by {late - early:.0f} MB in {UPLOADS - 10} uploads"),
    ]
