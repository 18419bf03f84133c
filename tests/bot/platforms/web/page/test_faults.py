"""What was once found wrong by hand, so that nobody finds it again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.bot.platforms.web.page.browsing import ask, focused, made, opened, settle, visit
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

WITH_EVERYTHING = "tilt up and slowly zoom in, then pan left, rain and fog"
PHONE = {"viewport": {"width": 375, "height": 812}, "is_mobile": True, "has_touch": True}

DROP = """async () => {
  const picture = await (await fetch("static/sample-cat.jpg")).blob();
  const files = new DataTransfer();
  files.items.add(new File([picture], "dropped.jpg", { type: picture.type }));
  const over = new DragEvent("dragover", { dataTransfer: files, bubbles: true, cancelable: true });
  const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
  document.body.dispatchEvent(over);
  return !document.body.dispatchEvent(drop) && over.defaultPrevented;
}"""

UNCOVERED = """id => {
  const { left, top, width, height } = document.getElementById(id).getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2).id === id;
}"""

WIDTH_OF_POSTER = """video => new Promise((resolve) => {
  const poster = new Image();
  poster.onload = () => resolve(poster.width);
  poster.src = video.poster;
})"""

COUNT_URLS = """
window.held = new Set();
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (blob) => {
  const url = createObjectURL.call(URL, blob);
  window.held.add(url);
  return url;
};
URL.revokeObjectURL = (url) => {
  window.held.delete(url);
  revokeObjectURL.call(URL, url);
};
"""


@pytest.fixture(scope="module")
def shared(browser: Browser, server: Program) -> Iterator[Page]:
    """One visit for all that only look."""
    with visit(browser) as page:
        page.add_init_script(COUNT_URLS)
        opened(page, server.url)
        yield page


def refuse(page: Page, status: int, error: dict[str, Any], **headers: str) -> None:
    """The next picture that is sent gets this answer."""

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        route.fulfill(status=status, json={"error": error}, headers=headers)

    page.route("**/v1/videos", answer, times=1)


def test_a_wrong_number_under_closed_options_is_shown_and_said(shared: Page) -> None:
    shared.click("#fine summary")
    shared.fill("#num_frames", "10")
    shared.click("#fine summary")
    shared.click("#go")
    expect(shared.locator("#fine")).to_have_attribute("open", "")
    expect(shared.locator("#num_frames")).to_be_focused()
    assert shared.evaluate(UNCOVERED, "num_frames")
    said = shared.locator("#num_frames-problem")
    expect(said).to_have_text("A number from 9 to 257, in steps of 8.")
    expect(shared.locator("#num_frames")).to_have_attribute(
        "aria-describedby", "num_frames-problem"
    )
    shared.click("#reset")
    expect(said).to_have_count(0)


def test_a_picture_dropped_beside_the_box_is_taken_and_the_page_stays(shared: Page) -> None:
    where = shared.url
    assert shared.evaluate(DROP)
    expect(shared.locator("#preview")).to_be_visible()
    assert shared.url == where
    shared.click("#cut")
    expect(shared.locator("#crop")).to_be_focused()
    shared.keyboard.press("ArrowLeft")
    expect(shared.locator("#pixels")).to_have_text("576×576")
    shared.click("#shape [data-value=auto]")
    expect(shared.locator("#crop")).to_be_hidden()


def test_a_refused_picture_does_not_stay_as_if_it_were_taken(
    shared: Page, photograph: Path
) -> None:
    shared.set_input_files("#file", photograph)
    shared.fill("#prompt", "zoom in")
    error = {"message": "This is no picture.", "code": "x", "type": "x", "param": "input_reference"}
    refuse(shared, 415, error)
    shared.click("#go")
    expect(shared.locator("#file-problem")).to_have_text("This is no picture.")
    expect(shared.locator("#preview")).to_be_hidden()
    expect(shared.locator("#prompt")).to_have_value("zoom in")
    expect(shared.locator(".card")).to_have_count(0)
    expect(shared.locator("#go")).to_be_enabled()


def test_a_long_wait_is_said_in_minutes(shared: Page, photograph: Path) -> None:
    shared.set_input_files("#file", photograph)
    error = {"message": "That was the last one.", "code": "x", "type": "x", "param": None}
    refuse(shared, 429, error, **{"Retry-After": "3567"})
    shared.click("#go")
    expect(shared.locator("#problem")).to_have_text(
        "That was the last one. Try again in about 59 min."
    )


def test_pictures_are_given_back_when_they_are_replaced(shared: Page, photograph: Path) -> None:
    for _ in range(5):
        shared.set_input_files("#file", [photograph, photograph])
    expect(shared.locator(".thumb")).to_have_count(2)
    assert shared.evaluate("window.held.size") == 3
    shared.click("#remove")
    expect(shared.locator("#file")).to_be_focused()
    assert shared.evaluate("window.held.size") == 0


def test_failed_and_cancelled_cards_can_be_acted_upon(shared: Page, server: Program) -> None:
    known = {
        "object": "video",
        "created_at": 1_800_000_000,
        "completed_at": 1_800_000_009,
        "expires_at": None,
        "status": "failed",
        "progress": 0,
        "prompt": "orbit right",
        "model": "camera",
        "seconds": "7",
        "size": "1280x1280",
        "remixed_from_video_id": None,
        "queue_position": None,
        "eta_seconds": None,
        "seed": 7,
        "num_frames": 169,
        "fps": 24,
        "motion": "auto",
        "effect": "auto",
        "notes": [],
        "note_codes": [],
        "favorite": False,
    }
    memory = {"code": "out_of_memory", "message": "Too large.", "suggested_size": "704x704"}
    other = {"code": "engine_crashed", "message": "Sorry.", "suggested_size": None}
    taken_back = {"code": "cancelled", "message": "Cancelled.", "suggested_size": None}
    videos = [
        {**known, "id": f"video_{number}", "error": error}
        for number, error in enumerate((memory, other, taken_back))
    ]
    page = {"object": "list", "data": videos, "first_id": "video_0", "last_id": "video_2"}
    shared.route("**/v1/videos?limit=24", lambda one: one.fulfill(json={**page, "has_more": False}))
    opened(shared, server.url)
    buttons = [card.locator(".acts").inner_text() for card in shared.locator(".card").all()]
    assert buttons == [
        "Try at 704×704\nEdit\nDelete",
        "Try again\nEdit\nDelete",
        "Try again\nEdit\nDelete",
    ]
    asked: list[Any] = []

    def remix(route: Route) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(status=404, json={"error": {"message": "It is gone."}})

    shared.route("**/v1/videos/video_0/remix", remix)
    shared.get_by_role("button", name="Try at 704×704").click()
    expect(shared.locator(".toast")).to_have_text("It is gone.")
    assert asked == [{"size": "704x704"}]
    shared.unroute_all()


@pytest.mark.soak
def test_on_a_phone_what_was_asked_for_comes_into_sight_and_has_its_picture_later(
    browser: Browser, server: Program, photograph: Path
) -> None:
    with visit(browser, **PHONE) as page:
        opened(page, server.url)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.locator("#go")).to_be_in_viewport(ratio=1)
        settle(page)
        page.set_input_files("#file", photograph)
        page.fill("#prompt", WITH_EVERYTHING)
        page.tap("#go")
        card = page.locator(".card[data-id]")
        expect(card).to_be_in_viewport(ratio=0.5)
        made(card)
        read = card.locator(".read")
        expect(read).to_have_text(
            "Camera: tilt up and slow zoom in, then pan to the left. Weather: rain and fog."
        )
        assert not read.evaluate("e => e.scrollHeight > e.clientHeight"), "cut off"
        page.reload()
        assert card.locator("video").evaluate(WIDTH_OF_POSTER) == 96
        page.tap("#go")
        expect(page.locator(".card[data-id]")).to_have_count(2)
        for one in page.locator(".card").all():
            made(one)
        assert focused(page) != "BODY"


def ended(client: httpx.Client, video_id: str) -> None:
    """Nothing of the browser's is dealt with meanwhile."""
    due = time.monotonic() + 30
    while client.get(f"/v1/videos/{video_id}").json()["status"] != "completed":
        assert time.monotonic() < due
        time.sleep(0.05)


def test_a_clip_that_ends_before_the_page_hears_of_it_is_there_all_the_same(
    browser: Browser, server: Program, photograph: Path
) -> None:
    """However late an answer comes: to the request, to a look at it, or the stream itself."""
    with visit(browser) as page:
        opened(page, server.url)
        cookies = {one["name"]: one["value"] for one in page.context.cookies()}
        with httpx.Client(base_url=server.url, cookies=cookies) as elsewhere:

            def late(route: Route) -> None:
                answer = route.fetch()
                ended(elsewhere, answer.json()["id"])
                route.fulfill(response=answer)

            settle(page)
            page.route("**/v1/videos", late)
            all_made(page, ask(page, photograph, "pan left"), 1)
            first = page.locator(".card").get_attribute("data-id")
            remix = f"/v1/videos/{first}/remix"
            page.unroute_all()

            page.route("**/v1/videos/*", late)
            elsewhere.post(remix, json={"prompt": "pan right"})
            all_made(page, page.locator(".card").first, 2)
            page.unroute_all()

            again = elsewhere.post(remix, json={"prompt": "tilt up"}).json()["id"]

            def late_stream(route: Route) -> None:
                ended(elsewhere, again)
                route.continue_()

            page.route("**/v1/events", late_stream)
            page.reload()
            all_made(page, page.locator(".card").first, 3)


def all_made(page: Page, newest: Locator, count: int) -> None:
    expect(page.locator(".card[data-id]")).to_have_count(count)
    made(newest)
