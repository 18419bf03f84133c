"""Variations on the page: one card, on which one of them is picked."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bot.platforms.web.page.browsing import made, opened, settle, violations
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow


def test_one_card_shows_the_variation_that_is_picked(
    page: Page, server: Program, photograph: Path
) -> None:
    opened(page, server.url)
    settle(page)
    page.locator("#fine summary").click()
    page.select_option("#variations", "2")
    page.fill("#seed", "7")
    page.set_input_files("#file", photograph)
    page.fill("#prompt", "handheld")
    page.click("#go")
    shown = page.locator(".card[data-id]:visible")
    expect(page.locator(".card[data-id]")).to_have_count(2)
    expect(shown).to_have_count(1)
    made(shown)
    expect(shown.locator(".facts")).to_contain_text("seed 7")
    first = shown.get_attribute("data-id")
    shown.get_by_role("button", name="#2").click()
    expect(shown).to_have_count(1)
    assert shown.get_attribute("data-id") != first
    expect(shown.get_by_role("button", name="#2")).to_be_focused()
    made(shown)
    expect(shown.locator(".facts")).to_contain_text("seed 8")
    assert violations(page) == []
    page.reload()
    expect(shown).to_have_count(1)
    expect(page.locator("#variations")).to_have_value("2")
    finds_both_where_one_draft_is_rendered_in_full(page)


def finds_both_where_one_draft_is_rendered_in_full(page: Page) -> None:
    shown = page.locator(".card[data-id]:visible")
    page.check("#draft")
    page.fill("#seed", "17")
    page.click("#go")
    expect(shown).to_have_count(2)
    draft = shown.first
    made(draft)
    draft.get_by_role("button", name="#2").click()
    expect(shown.first.locator(".facts")).to_contain_text("seed 18")
    made(shown.first)
    shown.first.get_by_role("button", name="Render in full").click()
    full = page.locator(".card:visible", has=page.locator("[aria-pressed=true]", has_text="#2"))
    full = full.filter(has_not=page.get_by_role("button", name="Render in full"))
    expect(full.first.locator(".facts")).to_contain_text("seed 18")
    expect(shown).to_have_count(2)
    full.first.get_by_role("button", name="#1").click()
    expect(shown.first.locator(".facts")).to_contain_text("seed 17")
    expect(shown.first.get_by_role("button", name="#1")).to_be_focused()
    shown.first.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(shown.first.locator(".facts")).to_contain_text("seed 18")
