"""The page in a real browser, used as somebody would who has never seen it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.language.catalogue import LOCALES, load_texts
from tests.bot.platforms.web.page.browsing import (
    MADE,
    SOON,
    ask,
    made,
    opened,
    settle,
    streams_of,
    visit,
)
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

PROMPT = "a slow camera pan from left to right"


def test_a_newcomer_gets_a_clip_that_plays_and_finds_everything_again(
    page: Page, server: Program, photograph: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    opened(page, server.url)
    assert page.locator("input[type=file]").first.get_attribute("id") == "file"
    assert page.locator("textarea").first.get_attribute("id") == "prompt"
    settle(page, size="192x128", frames=49)
    card = ask(page, photograph, PROMPT)
    expect(page.locator("#read-as")).to_have_text("Camera: slow pan to the right.")
    expect(card.locator(".prompt")).to_have_text(PROMPT)
    expect(card.locator(".pill")).to_contain_text(re.compile("Getting ready|Animating|Next|2 s"))
    video = made(card)
    assert video.get_attribute("preload") == "none"
    expect(card.locator(".read")).to_have_text("Camera: slow pan to the right.")
    assert not any(url.endswith("variant=video") for url in asked)
    card.hover()
    expect(video).to_have_js_property("paused", False)
    page.wait_for_function("v => v.videoWidth > 0", arg=video.element_handle())
    shown = video.evaluate("v => [v.videoWidth, v.videoHeight, Math.round(v.duration * 10)]")
    assert shown == [192, 128, 20]
    href = card.locator("a").get_attribute("href")
    assert page.request.get(f"{server.url}/{href}").headers["content-type"] == "video/mp4"
    looks_closer(page, card)
    page.fill("#prompt", "night falls")
    page.click("#effect [data-value=fog]")
    page.reload()
    expect(page.locator(".card .prompt")).to_have_text(PROMPT)
    assert page.request.get(f"{server.url}/{video.get_attribute('poster')}").ok
    expect(page.locator("#prompt")).to_have_value("night falls")
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator("#effect [data-value=fog]")).to_have_attribute("aria-checked", "true")
    expect(page.locator("#width")).to_have_value("192")
    page.click("#go")
    expect(page.locator(".card[data-id]")).to_have_count(2)


def test_a_draft_is_rendered_in_full_in_its_place_and_a_clip_that_comes_back_fills_the_form(
    page: Page, server: Program, photograph: Path, tmp_path: Path
) -> None:
    opened(page, server.url)
    settle(page, size="256x128")
    page.locator("#fine summary").click()
    page.check("#draft")
    ask(page, photograph, PROMPT)
    card = page.locator(f"[data-id={page.locator('.card[data-id]').get_attribute('data-id')}]")
    video = made(card)
    expect(card.locator(".pill")).to_contain_text("Draft")
    clip = tmp_path / "draft.mp4"
    clip.write_bytes(page.request.get(f"{server.url}/{video.get_attribute('src')}").body())
    card.get_by_role("button", name="Render in full").click()
    full = page.locator(".card[data-id]:not([hidden])").first
    expect(full.locator(".pill")).not_to_contain_text("Draft")
    made(full)
    expect(card).to_be_hidden()
    page.click("#reset")
    page.click("#remove")
    page.fill("#prompt", "")
    page.set_input_files("#file", clip)
    expect(page.locator("#prompt")).to_have_value(PROMPT)
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator("#draft")).to_be_checked()
    expect(page.locator("#width")).to_have_value("256")
    expect(page.locator("#lock")).to_have_attribute("aria-pressed", "true")
    page.set_input_files("#file", {"name": "a.mp4", "mimeType": "video/mp4", "buffer": b"none"})
    expect(page.locator("#composer .problem", has_text="recipe")).to_be_visible()


def looks_closer(page: Page, card: Locator) -> None:
    """The viewer says how the clip was made, and what it says is heard there."""
    card.locator(".play").click()
    viewer = page.locator("#viewer")
    expect(viewer.locator(".notes")).to_contain_text("pan to the right")
    viewer.locator("summary").click()
    expect(viewer.locator("pre")).to_contain_text(f"Prompt: {PROMPT}")
    viewer.get_by_role("button", name="Copy", exact=True).click()
    expect(viewer.locator(".toast")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(card.locator(".play")).to_be_focused()


def test_the_api_is_described_for_people_and_answers_from_there(
    page: Page, server: Program
) -> None:
    elsewhere: list[str] = []
    page.on("request", lambda one: elsewhere.append(one.url))
    page.goto(f"{server.url}/docs")
    described = httpx.get(f"{server.url}/openapi.json").json()["paths"]
    calls = sum(len(methods) for methods in described.values())
    expect(page.locator("#calls section")).to_have_count(calls)
    create = page.locator("#POST-v1-videos")
    expect(create).to_contain_text("at most (characters) 2000")
    expect(create).to_contain_text("Example: a slow camera pan from left to right")
    one = page.locator("#GET-v1-videos-video_id-")
    one.locator("input[name=video_id]").fill("video_none")
    one.locator("button").click()
    expect(one.locator("pre")).to_contain_text("job_not_found")
    assert all(url.startswith(server.url) for url in elsewhere)


@pytest.mark.soak
def test_places_in_line_are_shown_and_a_request_can_be_taken_back(
    page: Page, server: Program, photograph: Path
) -> None:
    opened(page, server.url)
    settle(page, size="960x960", frames=257)
    for number in range(3):
        ask(page, photograph if number == 0 else None, "a handheld camera in the rain")
    newest = page.locator(".card[data-id]").first
    expect(newest.locator(".pill")).to_contain_text("2nd in line")
    for card in page.locator(".card[data-id]").all():
        card.get_by_role("button", name="Cancel").click()
        expect(card.locator(".pill")).to_have_text("Cancelled.")
        expect(card.get_by_role("button", name="Try again")).to_be_focused()
    expect(page.locator("#counts")).to_have_text("3")


@pytest.mark.parametrize(
    "locales", [("de", "ru"), pytest.param(LOCALES, marks=pytest.mark.soak)], ids=["two", "all"]
)
def test_the_page_speaks_every_language_of_the_catalogue(
    browser: Browser, server: Program, photograph: Path, tmp_path: Path, locales: tuple[str, ...]
) -> None:
    drawing = tmp_path / "drawing.png"
    drawing.write_text("<svg/>")
    with visit(browser, locale="de-DE") as page:
        opened(page, server.url)
        expect(page.locator("html")).to_have_attribute("lang", "de")
        page.click("#go")
        expect(page.locator("#file-problem")).to_have_text("Bitte wähle zuerst ein Bild.")
        page.set_input_files("#file", drawing)
        page.click("#go")
        expect(page.locator("#file-problem")).to_contain_text("SVG-Zeichnung")
        page.set_input_files("#file", [drawing, drawing])
        page.click("#go")
        expect(page.locator("#scene-1-problem")).to_contain_text("SVG-Zeichnung")
        for locale in locales:
            if page.locator("html").get_attribute("lang") != locale:
                page.select_option("#language", locale)
            page.wait_for_selector(f'html[lang="{locale}"][data-ready]')
            expect(page.locator(".scene")).to_have_count(2)
            animate = load_texts().of(locale).say("page.animate")
            expect(page.locator("#go")).to_contain_text(animate)
            assert not re.search(r"\b(page|chat|options|directions)\.\w", page.inner_text("body"))
            cut = "e => e.scrollWidth > e.clientWidth + 1"
            shown = page.locator(".tiles button, .segments, .segments button, select, .go").all()
            assert [one.inner_text() for one in shown if one.evaluate(cut)] == [], locale


def test_where_a_key_is_needed_the_page_asks_once_below_any_path_and_signs_out(
    page: Page, tmp_path: Path, photograph: Path
) -> None:
    settings = {
        "PHOTOPLAY_WEB__API_KEYS": '{"alice": "a-key-of-alices-own"}',
        "PHOTOPLAY_WEB__PUBLIC_URL": "http://127.0.0.1/pictures/",
        "PHOTOPLAY_LIMITS__PER_HOUR": "1",
    }
    with Program(tmp_path / "data", settings=settings) as program:
        outside: list[str] = []
        page.on("request", lambda one: outside.append(one.url))
        page.goto(f"{program.url}/pictures/")
        page.fill("#key", "wrong")
        page.press("#key", "Enter")
        expect(page.locator("#sign-in .problem")).to_have_text("That key is not known here.")
        page.fill("#key", "a-key-of-alices-own")
        page.press("#key", "Enter")
        expect(page.locator("#name")).to_have_text("alice")
        expect(page.locator("#quota")).to_have_text("1 of 1 left this hour")
        settle(page)
        made(ask(page, photograph, "still"))
        expect(page.locator("#go")).to_be_disabled()
        expect(page.locator("#estimate")).to_have_text(re.compile(r"next in about (59|60) min"))
        page.reload()
        expect(page.locator("#name")).to_have_text("alice")
        page.click("#sign-out")
        expect(page.locator("#key")).to_be_visible()
        own = (f"{program.url}/pictures/", "blob:", "data:")
        assert [url for url in outside if not url.startswith(own)] == []


def test_a_restart_and_a_lost_network_are_told_apart_and_the_clip_still_comes(
    page: Page, tmp_path: Path, photograph: Path
) -> None:
    hurried = {"PHOTOPLAY_RUN__GRACE": "0"}
    with Program(tmp_path / "data", settings=hurried) as program:
        port = int(program.url.rpartition(":")[2])
        opened(page, program.url)
        settle(page, size="960x960", frames=257)
        ask(page, photograph, PROMPT)
        settle(page)
        card = ask(page, None, PROMPT)
        page.context.set_offline(True)
        expect(card.locator(".pill")).to_have_text("You are offline")
        expect(page.locator("#link")).to_contain_text("offline")
        page.context.set_offline(False)
        expect(page.locator("#link")).to_be_hidden()
        program.stop()
        expect(card.locator(".pill")).to_have_text("Restarting · your place is kept")
        program.start_again(port)
        expect(page.locator("#link")).to_be_hidden()
        page.locator(".card").nth(1).get_by_role("button", name="Cancel").click()
        made(card)
        program.kill()
        expect(page.locator("#link")).to_contain_text("The server does not answer")


@pytest.mark.soak
def test_three_tabs_share_one_stream_and_none_waits_for_another(
    browser: Browser, server: Program, photograph: Path
) -> None:
    with visit(browser) as first, visit(browser) as stranger:
        streams = streams_of(first.context)
        tabs = [first, first.context.new_page(), first.context.new_page()]
        for tab in tabs:
            opened(tab, server.url)
        opened(stranger, server.url)
        for tab in tabs[:2]:
            settle(tab)
            for number in range(3):
                ask(tab, None if number else photograph, f"tilt down {number}")
        for tab in tabs:
            expect(tab.locator('.card[data-state="done"]')).to_have_count(6, timeout=MADE)
        assert len(streams) == 1
        tabs[0].close()
        with tabs[1].expect_response(re.compile("/v1/me$"), timeout=SOON):
            settle(tabs[1], size="64x64")
            ask(tabs[1], None, "another leads now")
        expect(tabs[2].locator('.card[data-state="done"]')).to_have_count(7, timeout=MADE)
        assert len(streams) == 2
        expect(stranger.locator(".card")).to_have_count(0)
