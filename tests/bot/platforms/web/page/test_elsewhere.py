"""Where the page meets the world: a slow network, another app, somebody who looks away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.bot.platforms.web.page.browsing import ask, made, opened, settle, visit
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

PICTURES = Path(__file__).parents[4] / "data" / "pictures"

SLOW = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 100_000}

SHARES = """async () => {
  const picture = await (await fetch("static/sample-cat.jpg")).blob();
  const files = new DataTransfer();
  files.items.add(new File([picture], "shared.jpg", { type: picture.type }));
  const form = document.createElement("form");
  Object.assign(form, { action: "share", method: "POST", enctype: "multipart/form-data" });
  const file = Object.assign(document.createElement("input"), { type: "file", name: "picture" });
  file.files = files.files;
  const text = document.createElement("input");
  Object.assign(text, { name: "text", value: "snow falls" });
  form.append(file, text);
  document.body.append(form);
  form.submit();
}"""

LOOKS_AWAY = 'Object.defineProperty(document, "hidden", { get: () => true });'

NOTIFIED = """async () => {
  const worker = await navigator.serviceWorker.ready;
  for (;;) {
    const [note] = await worker.getNotifications();
    if (note) return [note.title, note.body];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""


def test_on_a_slow_network_a_bar_shows_how_far_it_is_and_nobody_leaves_by_mistake(
    page: Page, server: Program, photograph: Path
) -> None:
    opened(page, server.url)
    settle(page)
    page.click("#shape [data-value=auto]")  # the whole picture
    page.click("#length [data-value='3']")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.emulateNetworkConditions", SLOW)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.set_input_files("#file", photograph)
    page.fill("#prompt", "tilt up")
    page.click("#go")
    expect(page.locator("#sent-words")).to_have_text(re.compile(r"Sending… ([5-9]|\d\d)%"))
    expect(page.locator("#sent")).to_have_attribute("aria-valuenow", re.compile(r"^([5-9]|\d\d)$"))
    expect(page.locator('[data-state="sending"] .pill')).to_have_text(re.compile(r"\d%"))
    page.evaluate("location.reload()")
    expect(page.locator("#sending")).to_be_visible()
    assert asked == ["beforeunload"]
    page.click("#stop")
    expect(page.locator("#go")).to_be_focused()
    expect(page.locator(".card")).to_have_count(0)
    expect(page.locator("#prompt")).to_have_value("tilt up")


def test_a_picture_shared_by_another_app_is_in_the_form(page: Page, server: Program) -> None:
    opened(page, server.url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # now the worker answers for the page
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    with page.expect_navigation():
        page.evaluate(SHARES)
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator("#prompt")).to_have_value("snow falls")
    expect(page.locator("#read-as")).to_have_text("Weather: snow.")


def test_who_looks_away_is_told_when_a_clip_is_ready(
    browser: Browser, server: Program, photograph: Path
) -> None:
    with visit(browser, permissions=["notifications"]) as page:
        page.add_init_script(LOOKS_AWAY)
        opened(page, server.url)
        settle(page)
        card = ask(page, photograph, "tilt up")
        made(card)
        assert page.evaluate(NOTIFIED) == ["is ready", "tilt up"]
        assert page.title() == "(1) photoplay"


def test_a_picture_that_no_browser_shows_is_named_and_taken(page: Page, server: Program) -> None:
    heic = PICTURES / "corners.heic"
    opened(page, server.url)
    page.set_input_files("#file", [heic, *[PICTURES / "chelsea.png"] * 10])
    expect(page.locator(".toast")).to_have_text("Only the first 10 are taken.")
    expect(page.locator(".thumb").first).to_have_text("corners.heic")
    settle(page)
    page.set_input_files("#file", heic)
    expect(page.locator("#no-preview")).to_contain_text("corners.heic: this browser cannot show it")
    expect(page.locator("#fit")).to_be_hidden()
    made(ask(page, None, "zoom in"))
