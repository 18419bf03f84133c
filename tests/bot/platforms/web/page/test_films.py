"""A storyboard on the page: scenes put in order, counted, made, and one of them made again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.bot.platforms.web.page.browsing import made, opened, settle
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

PICTURES = Path(__file__).parents[4] / "data" / "pictures"

LIMITS = {"queued_per_user": 3, "per_hour": 10, "per_day": 40}
LEFT = {"queued_per_user": 1, "per_hour": 3, "per_day": 40}


def allow(page: Page, left: dict[str, int]) -> None:
    """As if the caller were not exempt."""

    def answer(route: Route) -> None:
        me = route.fetch().json()
        route.fulfill(json={**me, "limits": LIMITS, "left": left})

    page.route("**/v1/me", answer)


def in_order(page: Page, *prompts: str) -> None:
    expect(page.locator(".scene")).to_have_count(len(prompts))
    for place, prompt in enumerate(prompts, start=1):
        expect(page.locator(f"#scene-{place}")).to_have_value(prompt)


def of_scene(page: Page, place: int, name: str) -> Locator:
    return page.locator(".scene").nth(place - 1).get_by_role("button", name=name)


def test_a_storyboard_is_put_in_order_counted_and_made_and_a_scene_of_it_asked_for_again(
    page: Page, server: Program, photograph: Path
) -> None:
    allow(page, LEFT)
    opened(page, server.url)
    settle(page)
    page.set_input_files("#file", [photograph, PICTURES / "chelsea.png"])
    page.get_by_role("button", name="What happens next", exact=True).click()
    expect(page.locator("#scene-3")).to_be_focused()
    for place, prompt in enumerate(("zoom in", "tilt up", "it snows"), start=1):
        page.fill(f"#scene-{place}", prompt)
    told = page.locator("#counted")
    expect(told).to_have_text("3 scenes count as 3 of your 10 clips an hour.")
    page.get_by_role("button", name="What happens next", exact=True).click()
    expect(told).to_contain_text("and you have 3 left")
    expect(page.locator("#go")).to_be_disabled()
    of_scene(page, 4, "Delete").click()
    expect(page.locator("#go")).to_be_enabled()

    page.locator(".thumb").first.press("Alt+ArrowDown")
    in_order(page, "tilt up", "zoom in", "it snows")
    expect(page.locator("#live")).to_have_text("Scene 2 of 3")
    expect(page.locator(".thumb").nth(1)).to_be_focused()
    of_scene(page, 3, "Earlier").click()
    in_order(page, "tilt up", "it snows", "zoom in")
    of_scene(page, 1, "Later").click()  # what has no picture cannot be first
    in_order(page, "tilt up", "it snows", "zoom in")
    page.locator(".thumb").nth(2).drag_to(page.locator(".scene").first)
    in_order(page, "zoom in", "tilt up", "it snows")
    page.get_by_role("radio", name="Crossfade").click()
    page.reload()
    expect(page.locator(".scene img")).to_have_count(3)
    in_order(page, "zoom in", "tilt up", "it snows")
    expect(page.get_by_role("radio", name="Crossfade")).to_be_checked()
    expect(page.locator(".card")).to_have_count(0)

    page.click("#go")
    card = page.locator(".card[data-id]")
    expect(card).to_have_count(1)
    made(card)
    expect(card.locator(".facts")).to_contain_text("Scenes: 3")
    video = page.request.get(f"{server.url}/v1/videos/{card.get_attribute('data-id')}").json()
    assert [(one["prompt"], one["goes_on"]) for one in video["scenes"]] == [
        ("zoom in", False),
        ("tilt up", False),
        ("it snows", True),
    ]
    assert (video["transition"], video["num_frames"] < 27) == ("crossfade", True)
    card.locator("[data-act=menu]").click()
    page.get_by_role("menuitem", name="Make scene 2 again").click()
    expect(card).to_have_count(2)
    expect(card.first.locator(".facts")).to_contain_text("Scenes: 3")
    page.get_by_role("radio", name="A clip of each").click()
    in_order(page, "zoom in", "tilt up")
    expect(told).to_have_text(
        "2 clips count as 2 of your 10 an hour. At most 1 now: the others stay here."
    )
    details = page.locator("#fine summary")
    details.click()
    page.select_option("#variations", "2")
    expect(told).to_have_text(
        "This counts as 4 of your 10 clips an hour, and you have 3 left; "
        "take fewer or ask again later."
    )
    expect(page.locator("#go")).to_be_disabled()
    page.get_by_role("radio", name="A film").click()
    expect(page.locator("#variations")).to_be_hidden()  # nor is it sent
    expect(page.locator("#go")).to_be_enabled()
    page.get_by_role("radio", name="A clip of each").click()
    page.select_option("#variations", "1")
    details.click()
    page.click("#go")
    expect(card).to_have_count(4)
    assert [one.inner_text() for one in card.locator(".prompt").all()[:2]] == ["tilt up", "zoom in"]


def test_a_browser_without_room_and_a_clip_among_the_pictures_stop_nobody(
    page: Page, server: Program, photograph: Path
) -> None:
    full = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }"
    page.add_init_script(full)
    opened(page, server.url)
    settle(page)
    pixels = photograph.read_bytes()
    still = FilePayload(name="a.png", mimeType="image/png", buffer=pixels)
    clip = FilePayload(name="b.mp4", mimeType="video/mp4", buffer=b"moves")
    page.set_input_files("#file", [still, clip, still])
    expect(page.locator(".toast")).to_contain_text("That is a video already.")
    expect(page.locator(".scene")).to_have_count(2)
    page.locator(".thumb").first.press("Alt+ArrowDown")
    expect(page.locator("#live")).to_have_text("Scene 2 of 2")
    page.get_by_role("radio", name="A clip of each").click()
    page.click("#go")
    expect(page.locator(".card[data-id]")).to_have_count(2)
    expect(page.locator("#go")).to_be_visible()
    expect(page.locator(".scene")).to_have_count(2)  # as long as nothing was refused


def test_a_film_that_is_taken_back_comes_back_into_the_form_and_a_missing_scene_is_named(
    page: Page, server: Program, photograph: Path
) -> None:
    opened(page, server.url)
    settle(page, size="960x960", frames=257)
    page.set_input_files("#file", photograph)
    page.get_by_role("button", name="What happens next", exact=True).click()
    page.fill("#scene-2", "night falls")
    page.locator(".scene select").last.select_option("3")
    page.click("#go")
    card = page.locator(".card[data-id]")
    expect(card.locator(".pill")).to_contain_text("Scene 1 of 2")
    page.reload()
    expect(card.locator(".pill")).to_contain_text("Scene 1 of 2")
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_have_attribute("data-state", "cancelled")
    assert card.locator(".acts").inner_text() == "Edit\nDelete"
    expect(card.locator(".prompt")).to_have_text("night falls")  # the first that has words
    page.locator(".thumb").first.press("Delete")  # nothing is left to begin with
    expect(page.locator(".scene")).to_have_count(0)
    expect(page.locator("#file")).to_be_focused()
    card.get_by_role("button", name="Edit").click()
    expect(page.locator("#scene-2")).to_have_value("night falls")
    expect(page.locator(".scene select").last).to_have_value("3")
    expect(page.locator(".glyph-onward")).to_have_count(1)
    expect(page.locator("#preview")).to_have_js_property("naturalWidth", 512)
    names_what_is_missing(page, card)


def names_what_is_missing(page: Page, card: Locator) -> None:
    """As if the film had been made without its second scene."""
    sorry = {"code": "engine_crashed", "message": "Sorry.", "suggested_size": None}
    asked: list[str] = []

    def without(route: Route) -> None:
        listed = route.fetch().json()
        [film] = listed["data"]
        for one in (film, film["scenes"][0]):
            one.update(status="completed", error=None)
        film["scenes"][1].update(status="failed", error=sorry)
        route.fulfill(json=listed)

    def again(route: Route) -> None:
        asked.append(route.request.url.rpartition("/v1/videos/")[2])
        route.fulfill(status=404, json={"error": {"message": "It is gone."}})

    page.route("**/v1/videos?limit=24", without)
    page.route("**/scenes/*/remix", again)
    page.reload()
    expect(card.locator(".bad")).to_have_text("Scene 2 of 2: Sorry.")
    card.get_by_role("button", name="Make scene 2 again").click()
    expect(page.locator(".toast")).to_have_text("It is gone.")
    assert asked == [f"{card.get_attribute('data-id')}/scenes/2/remix"]
