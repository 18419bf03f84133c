"""The page as a person uses it: what they press, what they see, what their browser fetched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

SOON = 30_000
"""Milliseconds: a ceiling for a busy machine; what is waited for comes in a fraction of it."""

MADE = 90_000

expect.set_options(timeout=SOON)

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

EXPECTED = "Failed to load resource"
"""What a browser says of a refusal that the test asked for."""


@contextmanager
def visit(browser: Browser, **about: Any) -> Iterator[Page]:
    """A fresh browser; it fails the test if the page complains in the console."""
    context = browser.new_context(**{"locale": "en-US", **about})
    page = context.new_page()
    page.set_default_timeout(SOON)
    complaints: list[str] = []
    listen(page, complaints)
    yield page
    context.close()
    assert complaints == []


def listen(page: Page, complaints: list[str]) -> None:
    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and EXPECTED not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def opened(page: Page, url: str) -> None:
    """The page, once everything on it answers."""
    page.goto(url)
    page.wait_for_selector("html[data-ready]", timeout=SOON)


def settle(page: Page, *, size: str = "96x64", frames: int = 9) -> None:
    """What the next clips shall be like: by default small, so that nobody waits for them."""
    details = page.locator("#fine")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    for name, value in zip(("width", "height"), size.split("x"), strict=True):
        page.fill(f"#{name}", value)
    page.fill("#num_frames", str(frames))
    details.locator("summary").click()


def ask(page: Page, picture: Path | None, prompt: str) -> Locator:
    """Send it; its card."""
    if picture is not None:
        page.set_input_files("#file", picture)
    page.fill("#prompt", prompt)
    before = page.locator(".card[data-id]").count()
    page.click("#go")
    expect(page.locator(".card[data-id]")).to_have_count(before + 1, timeout=SOON)
    return page.locator(".card[data-id]").first


def made(card: Locator) -> Locator:
    """Its video, once it is there."""
    expect(card).to_have_attribute("data-state", "done", timeout=MADE)
    return card.locator("video")


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.tagName"))


def streams_of(context: BrowserContext) -> list[str]:
    """Grows by the address of each stream that a tab of this browser opens."""
    opened_streams: list[str] = []
    context.on(
        "request",
        lambda one: opened_streams.append(one.url) if one.url.endswith("/v1/events") else None,
    )
    return opened_streams
