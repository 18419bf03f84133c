"""Pictures of the page in every state, wide and on a phone, light and dark, to be looked at.

Usage: python examples/screenshots.py [FOLDER]     (default build/screenshots)

The clips are real; what takes luck to meet, such as a full GPU, is told to the page as the server
would. Those that the README shows are copied beside this file.
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.fakes.program.process import Program  # noqa: E402 (found from here only now)

STATIC = HERE.parent / "bot" / "platforms" / "web" / "static"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
DEVICES: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 375, "height": 812},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
CLIPS = (
    ("coffee", "steam rises from the cup, slowly push in", "640x416"),
    ("rocket", "the rocket stands ready, the camera tilts up", "640x416"),
    ("cat", "snow is falling, pull back a little", "416x416"),
    ("rocket", "night falls", "384x576"),
    ("coffee", "dawn breaks, handheld camera", "640x416"),
    ("cat", "zoom in slowly", "640x416"),
)
SETTLED = 700
"""Milliseconds until pictures are drawn."""

SHOWN = {
    "working-wide-light": "page.png",
    "working-phone-light": "page-phone.png",
    "film-wide-light": "page-film.png",
}

OF_CARDS = frozenset({"ended", "restarting", "offline", "done", "film-made"})
"""States whose point is below the form on a phone."""

TOLD = """news => {
  const channel = new BroadcastChannel(`photoplay ${new URL(".", location.href).pathname}`);
  for (const one of news) channel.postMessage(one);
}"""


def clips(url: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Real ones, with the cookie of the browser that they belong to."""
    with httpx.Client(base_url=url, timeout=300) as client:
        client.get("/").raise_for_status()
        for name, prompt, size in reversed(CLIPS):
            picture = (STATIC / f"sample-{name}.jpg").read_bytes()
            options = {"prompt": prompt, "size": size, "num_frames": "25"}
            answer = client.post("/v1/videos", data=options, files={"input_reference": picture})
            events = client.get(f"/v1/videos/{answer.json()['id']}/events")
            assert "event: completed" in events.text
        cookies = [{"name": one.name, "value": one.value, "url": url} for one in client.cookies.jar]
        return client.get("/v1/videos").json()["data"], cookies


class Stage:
    """The page in one device and scheme, told of what the state needs."""

    def __init__(self, browser: Browser, url: str, cookies: list[dict[str, Any]]) -> None:
        self._browser = browser
        self.url = url
        self._cookies = cookies

    @contextmanager
    def page(self, device: str, scheme: str, told: dict[str, Any]) -> Iterator[Page]:
        context = self._browser.new_context(
            **DEVICES[device], color_scheme=scheme, locale="en-US", reduced_motion="reduce"
        )
        context.add_cookies(self._cookies)  # type: ignore[arg-type]
        self._tell(context, told)
        page = context.new_page()
        page.goto(self.url)
        page.wait_for_selector("html[data-ready]")
        yield page
        context.close()

    def _tell(self, context: BrowserContext, told: dict[str, Any]) -> None:
        """Answers with changes in them, each by the end of its address."""
        for ending, content in told.items():
            context.route(f"**/v1/{ending}", partial(_answered, content))


def _answered(content: Any, route: Route) -> None:
    route.fulfill(json=content)


def listed(videos: list[dict[str, Any]], *changes: dict[str, Any]) -> dict[str, Any]:
    """The list with the first of them changed."""
    changed = [{**one, **change} for one, change in zip(videos, changes, strict=False)]
    data = [*changed, *videos[len(changes) :]]
    ends = {"first_id": data[0]["id"] if data else None, "last_id": None}
    each = {f"videos/{one['id']}": one for one in changed}
    return {"videos?limit=24": {"object": "list", "data": data, "has_more": False, **ends}, **each}


WAITING = {"status": "queued", "queue_position": 2, "eta_seconds": 40.0, "progress": 0}
RUNNING = {"status": "in_progress", "progress": 61, "eta_seconds": 5.0}
MEMORY = {
    "status": "failed",
    "error": {
        "code": "out_of_memory",
        "message": "This clip needs more GPU memory than there is. At 704x704 it should fit.",
        "suggested_size": "704x704",
    },
}
CRASHED = {
    "status": "failed",
    "error": {"code": "engine_crashed", "message": "The engine broke off; that was not you."},
}
SCENES = ("steam rises, slowly push in", "the camera tilts up", "slow zoom out", "night falls")


def scenes(*statuses: str) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "id": f"video_{place}",
            "status": status,
            "prompt": prompt,
            "seconds": "5",
            "error": CRASHED["error"] if status == "failed" else None,
        }
        for place, (status, prompt) in enumerate(zip(statuses, SCENES, strict=False), start=1)
    ]


RUNNING_FILM = {**RUNNING, "seconds": "18", "scenes": scenes("completed", "in_progress", "queued")}
CANCELLED = {"status": "failed", "error": {"code": "cancelled", "message": "Cancelled."}}


def answers(url: str, cookies: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    jar = {one["name"]: one["value"] for one in cookies}
    with httpx.Client(base_url=url, cookies=jar) as client:
        return client.get("/v1/me").json(), client.get("/v1/models").json()


def states(
    videos: list[dict[str, Any]], me: dict[str, Any], models: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """What the server says in each of them."""
    limits = {"queued_per_user": 3, "per_hour": 10, "per_day": 40}
    some = {**me, "limits": limits, "left": {"queued_per_user": 1, "per_hour": 7, "per_day": 30}}
    none = {"queued_per_user": 3, "per_hour": 0, "per_day": 12}
    used = {**me, "limits": limits, "left": none, "next_at": int(time.time()) + 3540}
    offer = {
        "model": "LTX-Video-2B-0.9.8-distilled",
        "gigabytes": 25.4,
        "licence": "LTXV Open Weights License; read LICENSE in the repository.",
        "command": "photoplay download",
    }
    [model] = models["data"]
    model = {**model, "estimate_seconds": 12.0}
    usual = {"models": {"data": [model]}, "me": some}
    working = listed(videos, WAITING, RUNNING, {"favorite": True})
    films = listed(videos, RUNNING_FILM, {"seconds": "10", "scenes": scenes("completed", "failed")})
    ended = listed(videos, MEMORY, CRASHED, CANCELLED, {"expires_at": 1})
    return {
        "empty": {**usual, **listed([])},
        "sending": usual,
        "working": {**usual, **working},
        "done": usual,
        "ended": {**usual, **ended},
        "restarting": {**usual, **working},
        "offline": {**usual, **working},
        "used-up": {**usual, "me": used},
        "no-weights": {**usual, "models": {"data": [{**model, "offer": offer}]}},
        "viewer": usual,
        "fine": usual,
        "select": usual,
        "film": {**usual, **films},
        "film-made": {**usual, **films},
    }


def compose(page: Page) -> None:
    page.set_input_files("#file", STATIC / "sample-rocket.jpg")
    page.fill("#prompt", "The camera glides slowly towards the rocket while mist drifts by")
    page.click('#shape [data-value="1:1"]')
    page.locator("#effect [data-value=fog]").click()
    page.locator("#read-as:not(:empty)").wait_for()
    page.evaluate("scrollTo(0, 0)")


def compose_film(page: Page) -> None:
    names = ("coffee", "rocket", "cat")
    page.set_input_files("#file", [STATIC / f"sample-{name}.jpg" for name in names])
    page.get_by_role("button", name="What happens next").click()
    for place, prompt in enumerate(SCENES, start=1):
        page.fill(f"#scene-{place}", prompt)
    page.locator(".scene select").last.select_option("3")
    page.locator("h1").click()
    page.locator("#composer").evaluate("one => one.scrollTo(0, 0)")
    page.evaluate("scrollTo(0, 0)")


def preview() -> str:
    picture = (STATIC / "sample-rocket-small.jpg").read_bytes()
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"


def act(page: Page, state: str, videos: list[dict[str, Any]]) -> None:
    """What a person or the stream does until the state is there."""
    if state == "film":
        compose_film(page)
    elif state not in ("empty", "ended"):
        compose(page)
    match state:
        case "working":
            told = {"video_id": videos[1]["id"], "phase": "step", "step": 61, "steps": 100}
            news = {"name": "progress", "data": {**told, "eta_seconds": 5, "preview": preview()}}
            page.evaluate(TOLD, [news])
        case "sending":
            page.route("**/v1/videos", lambda _: None)
            page.evaluate("scrollTo(0, 0)")
            page.click("#go")
        case "restarting" | "offline":
            page.evaluate(TOLD, [{"link": state}])
        case "no-weights":
            if page.locator("#engine-name").is_visible():
                page.click("#engine")
        case "viewer":
            page.locator(".card .play").first.evaluate("one => one.click()")
            page.locator("#viewer .before").evaluate("one => one.decode()")
            page.locator("#viewer input").fill("45")
        case "fine":
            page.click("#fine summary")
        case "select":
            page.click("#select")
            page.locator(".pick").first.check()
            page.locator(".card [data-act=menu]").nth(1).click()


def shoot(
    stage: Stage, state: str, told: dict[str, Any], videos: list[dict[str, Any]], folder: Path
) -> None:
    for device in DEVICES:
        for scheme in ("light", "dark"):
            name = f"{state}-{device}-{scheme}"
            with stage.page(device, scheme, told) as page:
                act(page, state, videos)
                if device == "phone" and state in OF_CARDS:
                    page.locator("#clips").evaluate("one => one.scrollIntoView()")
                page.wait_for_timeout(SETTLED)
                target = folder / f"{name}.png"
                page.screenshot(path=target)
            if shown := SHOWN.get(name):
                shutil.copyfile(target, HERE / shown)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        sys.exit("There is no Chromium here; install Debian's chromium.")
    with (
        tempfile.TemporaryDirectory() as name,
        Program(Path(name) / "data") as program,
        sync_playwright() as playwright,
    ):
        videos, cookies = clips(program.url)
        me, models = answers(program.url, cookies)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        stage = Stage(browser, program.url, cookies)
        for state, told in states(videos, me, models).items():
            shoot(stage, state, told, videos, folder)
        browser.close()


if __name__ == "__main__":
    main()
