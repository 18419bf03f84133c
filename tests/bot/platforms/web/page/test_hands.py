"""For ears and hands: little is said and the end last, no focus is lost, axe does not complain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bot.platforms.web.page.browsing import ask, focused, made, opened, settle, violations
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

LISTEN = """
window.said = [];
new MutationObserver(() => window.said.push(document.getElementById("live").textContent))
  .observe(document.getElementById("live"), { childList: true, subtree: true });
"""


def test_ears_hear_at_most_six_things_and_that_it_is_ready_last(
    page: Page, server: Program, photograph: Path
) -> None:
    opened(page, server.url)
    page.evaluate(LISTEN)
    settle(page, frames=97)
    made(ask(page, photograph, "zoom in"))
    said = page.evaluate("window.said")
    assert 2 <= len(said) <= 6
    assert said[-1] == "zoom in: is ready"
    assert page.title() in {"photoplay", "(1) photoplay"}


@pytest.mark.soak
def test_axe_finds_nothing_in_any_state(page: Page, server: Program, photograph: Path) -> None:
    page.emulate_media(reduced_motion="reduce")
    opened(page, server.url)
    assert violations(page) == []
    settle(page)
    card = ask(page, photograph, "zoom in")
    made(card)
    page.click("#fine summary")
    page.click('#shape [data-value="1:1"]')
    card.hover()
    assert violations(page) == []
    card.locator("[data-act=menu]").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(card.locator("[data-act=menu]")).to_be_focused()
    card.locator(".play").click()
    page.locator("#viewer summary").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(card.locator(".play")).to_be_focused()
    page.set_input_files("#file", [photograph, photograph])
    page.get_by_role("button", name="What happens next").click()
    assert violations(page) == []
    settle(page, size="1280x1280", frames=241)
    page.keyboard.press("Control+Enter")
    waiting = page.locator(".card[data-id]").first
    expect(waiting).to_have_attribute("data-state", re.compile("waiting|running"))
    page.click("#select")
    assert violations(page) == []
    waiting.get_by_role("button", name="Cancel").click()
    expect(waiting).to_have_attribute("data-state", "cancelled")
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_everything_goes_by_the_keyboard_and_the_focus_is_never_lost(
    page: Page, server: Program, photograph: Path
) -> None:
    opened(page, server.url)
    settle(page)
    for number in range(3):
        ask(page, None if number else photograph, f"zoom in {number}")
    for card in page.locator(".card").all():
        made(card)
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#prompt")).to_be_focused()
    page.fill("#prompt", "my own")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#prompt")).to_have_value("zoom in 2")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#prompt")).to_have_value("my own")
    cards = page.locator(".card")
    cards.first.focus()
    page.keyboard.press("ArrowRight")
    expect(cards.nth(1)).to_be_focused()
    expect(cards.nth(1).locator("video")).to_have_js_property("paused", False)
    page.keyboard.press(" ")
    expect(cards.nth(1).locator("video")).to_have_js_property("paused", True)
    page.keyboard.press("Delete")
    expect(page.locator(".card:visible")).to_have_count(2)
    assert focused(page) == "ARTICLE"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".card:visible")).to_have_count(3)
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator("#prompt")).to_have_value("zoom in 1")
    expect(page.locator("#lock")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".card")).to_have_count(4)
    page.locator("#motion [tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#motion [data-value=still]")).to_have_attribute("aria-checked", "true")
    cards.last.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Re-roll")
    page.keyboard.press("Escape")
    assert focused(page) != "BODY"
