"""The page in a real browser, clicked as somebody would who has never seen it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

PROMPT = "a slow camera pan from left to right"
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        sentence = "NO CHROMIUM: the page is not tested; install Debian's chromium"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh browser; it fails the test if the page complains in the console."""
    context = browser.new_context(locale=getattr(request, "param", "en-US"))
    page = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        expected = "Failed to load resource"  # a refusal that the test asked for
        if message.type in {"error", "warning"} and expected not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def ask(page: Page, picture: Path, prompt: str = PROMPT) -> None:
    expect(page.locator("#composer")).to_be_visible()
    page.set_input_files("#file", picture)
    page.fill("#prompt", prompt)
    page.click("#go")


def test_a_newcomer_drops_a_photograph_and_gets_a_clip_that_plays(
    page: Page, server: Program, photograph: Path
) -> None:
    page.goto(server.url)
    ask(page, photograph)
    card = page.locator(".card")
    expect(card.locator(".prompt")).to_have_text(PROMPT)
    expect(card.locator("progress")).to_be_visible()
    video = card.locator("video")
    expect(video).to_be_visible(timeout=60_000)
    playing = "v => new Promise(r => v.readyState > 1 ? r(1) : v.onloadeddata = () => r(1))"
    video.evaluate(playing)
    assert video.evaluate("v => [v.videoWidth, v.videoHeight, Math.round(v.duration * 10)]") == [
        576,
        576,
        67,
    ]
    expect(card.locator(".notes")).to_contain_text("pan to the right")
    href = card.locator(".download").get_attribute("href")
    cookies = {c["name"]: c["value"] for c in page.context.cookies()}
    answer = httpx.get(f"{server.url}/{href}", cookies=cookies)
    assert answer.headers["content-type"] == "video/mp4"


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


def test_places_in_line_are_shown_and_a_request_can_be_taken_back(
    page: Page, server: Program, photograph: Path
) -> None:
    page.goto(server.url)
    page.click("summary")
    page.fill("#size", "1280x1280")
    page.fill("#seconds", "10")
    for _ in range(3):
        page.evaluate("document.getElementById('go').disabled = false")
        before = page.locator(".card").count()
        ask(page, photograph, "a handheld camera in the rain at night")  # takes its time
        expect(page.locator(".card")).to_have_count(before + 1)
    newest = page.locator(".card").first
    expect(newest.locator(".state")).to_contain_text("2nd in line")
    for card in page.locator(".card").all():
        card.locator(".cancel").click()
        expect(card.locator(".state")).to_have_text("Cancelled.")
        expect(card.locator("progress")).to_be_hidden()


def test_a_reload_loses_nothing(page: Page, server: Program, photograph: Path) -> None:
    page.goto(server.url)
    ask(page, photograph, "tilt up")
    expect(page.locator(".card")).to_have_count(1)
    page.reload()
    expect(page.locator(".card .prompt")).to_have_text("tilt up")
    expect(page.locator(".card video")).to_be_visible(timeout=60_000)


def test_a_file_that_is_no_picture_gets_a_sentence_and_the_words_stay(
    page: Page, server: Program, tmp_path: Path
) -> None:
    fake = tmp_path / "holiday.png"
    fake.write_text("this is not a picture")
    page.goto(server.url)
    ask(page, fake, "zoom in")
    expect(page.locator("#problem")).not_to_be_empty()
    expect(page.locator("#prompt")).to_have_value("zoom in")
    expect(page.locator(".card")).to_have_count(0)
    expect(page.locator("#go")).to_be_enabled()


def test_enter_sends_and_a_missing_picture_is_said(page: Page, server: Program) -> None:
    page.goto(server.url)
    page.fill("#prompt", "zoom in")
    page.press("#prompt", "Enter")
    expect(page.locator("#problem")).to_have_text("Choose a picture first.")


@pytest.mark.parametrize("page", ["de-DE"], indirect=True)
def test_a_browser_reads_everything_in_its_language(
    page: Page, server: Program, photograph: Path, tmp_path: Path
) -> None:
    page.goto(server.url)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#go")).to_have_text("Animieren")
    expect(page.locator("#motion option")).to_contain_text(["aus der Beschreibung", "Unbewegt"])
    page.click("#go")
    expect(page.locator("#problem")).to_have_text("Bitte wähle zuerst ein Bild.")
    drawing = tmp_path / "drawing.png"
    drawing.write_text("<svg/>")
    ask(page, drawing)
    expect(page.locator("#problem")).to_contain_text("SVG-Zeichnung")
    ask(page, photograph, "slowly pan to the right")
    card = page.locator(".card").first
    expect(card.locator("video")).to_be_visible(timeout=60_000)
    expect(card.locator(".notes")).to_contain_text("Kamera: Schwenk nach rechts (langsam).")
    expect(card.locator(".notes")).to_contain_text("6,7 s")
    expect(card.locator(".again")).to_have_text("Noch einmal")


def test_where_a_key_is_needed_the_page_asks_for_it_and_goes_on(
    page: Page, tmp_path: Path, photograph: Path
) -> None:
    settings = {"PHOTOPLAY_WEB__API_KEYS": '{"alice": "a-key-of-alices-own"}'}
    with Program(tmp_path / "data", settings=settings) as program:
        page.goto(program.url)
        page.fill("#key", "wrong")
        page.press("#key", "Enter")
        expect(page.locator("#sign-in .problem")).to_have_text("That key is not known here.")
        page.fill("#key", "a-key-of-alices-own")
        page.press("#key", "Enter")
        ask(page, photograph, "still")
        expect(page.locator(".card video")).to_be_visible(timeout=60_000)


def test_a_restart_in_the_middle_is_said_and_the_clip_still_comes(
    page: Page, tmp_path: Path, photograph: Path
) -> None:
    with Program(tmp_path / "data") as program:
        port = int(program.url.rpartition(":")[2])
        page.goto(program.url)
        ask(page, photograph)
        expect(page.locator(".card progress")).to_be_visible()
        program.kill()
        expect(page.locator(".card .state")).to_contain_text("your place is kept")
    with Program(tmp_path / "data", port=port):
        expect(page.locator(".card video")).to_be_visible(timeout=60_000)


def test_what_one_tab_asks_for_appears_in_the_other_once(
    page: Page, server: Program, photograph: Path
) -> None:
    page.goto(server.url)
    other = page.context.new_page()
    other.goto(server.url)
    expect(other.locator("#composer")).to_be_visible()
    ask(page, photograph, "tilt down")
    expect(other.locator(".card .prompt")).to_have_text("tilt down")
    for tab in (page, other):
        expect(tab.locator(".card video")).to_be_visible(timeout=60_000)
        expect(tab.locator(".card")).to_have_count(1)


def test_a_hidden_tab_listens_to_nothing_and_catches_up_when_it_is_seen(
    page: Page, server: Program, photograph: Path
) -> None:
    hide = """hidden => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.goto(server.url)
    other = page.context.new_page()
    other.goto(server.url)
    expect(other.locator("#composer")).to_be_visible()
    other.evaluate(hide, True)
    ask(page, photograph, "tilt up")
    expect(page.locator(".card video")).to_be_visible(timeout=60_000)
    expect(other.locator(".card")).to_have_count(0)
    other.evaluate(hide, False)
    expect(other.locator(".card video")).to_be_visible(timeout=60_000)
