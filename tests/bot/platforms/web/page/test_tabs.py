"""What is done with a clip in one tab, or on another device, is seen in every other tab."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.bot.platforms.web.page.browsing import ask, listen, made, opened, settle, visit
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

EIGHT_DAYS_LATER = "() => { const now = Date.now; Date.now = () => now() + 8 * 86_400_000; }"


GONE = "The picture of that clip is no longer kept; please send it again."


def device(context: BrowserContext, url: str) -> httpx.Client:
    """Another one of the same person's, which no tab knows of."""
    cookies = {str(one.get("name")): str(one.get("value")) for one in context.cookies()}
    return httpx.Client(base_url=url, cookies=cookies)


def test_a_clip_that_is_deleted_anywhere_is_gone_from_every_tab(
    browser: Browser, server: Program, photograph: Path
) -> None:
    complaints: list[str] = []
    with visit(browser) as here:
        opened(here, server.url)
        settle(here)
        for number in range(4):
            ask(here, None if number else photograph, f"tilt up {number}")
        for card in here.locator(".card").all():
            made(card)
        there = here.context.new_page()
        listen(there, complaints)
        opened(there, server.url)
        expect(there.locator(".card")).to_have_count(4)
        seen_at_once(here, there)
        missed_while_away(here, there, server.url)
        there.evaluate(EIGHT_DAYS_LATER)
        expect(there.locator(".card")).to_have_attribute("data-state", "expired")
        deleted_while_closed(here, there, server.url)
    assert complaints == []


def seen_at_once(here: Page, there: Page) -> None:
    there.click("#filter [data-value=favorite]")
    newest = here.locator(".card").first
    newest.hover()
    newest.locator(".star").click()
    expect(there.locator(".card").first.locator(".star")).to_have_attribute("aria-pressed", "true")
    expect(there.locator(".card:visible")).to_have_count(1)
    newest.locator(".star").click()
    expect(there.locator(".card:visible")).to_have_count(0)
    there.click("#filter [data-value=all]")
    newest.focus()
    here.keyboard.press("Delete")
    here.reload()  # who leaves does not take it back
    expect(there.locator(".card")).to_have_count(3)
    looked_at = there.locator(".card").first
    looked_at.get_by_role("button", name="Edit").click()
    expect(there.locator("#preview")).to_be_visible()
    looked_at.locator(".play").click()
    expect(there.locator("#viewer")).to_be_visible()
    here.locator(".card").first.focus()
    here.keyboard.press("Delete")
    here.reload()
    expect(there.locator("#viewer")).to_be_hidden()
    expect(there.locator(".toast")).to_have_text("Deleted.")
    expect(there.locator(".card")).to_have_count(2)
    expect(there.locator("#preview")).to_be_hidden()
    expect(there.locator("#file-problem")).to_have_text(GONE)


def missed_while_away(here: Page, there: Page, url: str) -> None:
    context = there.context
    context.set_offline(True)
    expect(there.locator("#link")).to_be_visible()
    with device(context, url) as phone:
        newest = there.locator(".card").first.get_attribute("data-id")
        assert phone.delete(f"/v1/videos/{newest}").is_success
    context.set_offline(False)
    for tab in (here, there):
        expect(tab.locator(".card")).to_have_count(1)


def deleted_while_closed(here: Page, there: Page, url: str) -> None:
    there.close()
    card = here.locator(".card")
    card.get_by_role("button", name="Edit").click()
    expect(here.locator("#preview")).to_be_visible()
    here.reload()
    expect(here.locator("#preview")).to_be_visible()
    here.goto("about:blank")
    with device(here.context, url) as phone:
        [last] = phone.get("/v1/videos").json()["data"]
        assert phone.delete(f"/v1/videos/{last['id']}").is_success
    opened(here, url)
    expect(here.locator("#file-problem")).to_have_text(GONE)
    expect(here.locator("#preview")).to_be_hidden()
    here.reload()
    expect(here.locator("#choose")).to_be_visible()
    expect(here.locator("#file-problem")).to_have_count(0)
