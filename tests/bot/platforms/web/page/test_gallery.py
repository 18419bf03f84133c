"""Many clips: a page at a time, found again, marked, taken home and deleted together."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bot.platforms.web.page.browsing import ask, made, opened, settle
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

CLIPS = 45


def multiply(data_dir: Path, count: int) -> None:
    """As many clips as if the one that is there had been asked for so often, a minute apart."""
    with closing(sqlite3.connect(data_dir / "photoplay.db")) as database, database:
        database.row_factory = sqlite3.Row
        [row] = database.execute("SELECT * FROM jobs").fetchall()
        names = [name for name in row.keys() if name not in {"seq", "request_key"}]  # noqa: SIM118
        for number in range(count - 1):
            job_id = f"video_{number:018}"
            made_at = row["created_at"] - 60 * (number + 1)
            changed = {"id": job_id, "created_at": made_at}
            values = [changed.get(name, row[name]) for name in names]
            places = ",".join("?" * len(names))
            statement = f"INSERT INTO jobs ({','.join(names)}) VALUES ({places})"
            database.execute(statement, values)
            for kind in ("mp4", "jpg"):
                clip = data_dir / "clips" / f"{row['id']}.{kind}"
                os.link(clip, clip.with_name(f"{job_id}.{kind}"))


@pytest.mark.soak
def test_forty_five_clips_come_a_page_at_a_time_and_load_no_video(
    page: Page, program: Program, photograph: Path
) -> None:
    opened(page, program.url)
    settle(page)
    made(ask(page, photograph, "the first of many"))
    multiply(program.data_dir, CLIPS)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    opened(page, program.url)
    expect(page.locator("#counts")).to_have_text(str(CLIPS))
    assert page.locator(".card").count() < CLIPS
    page.locator("#more").scroll_into_view_if_needed()
    expect(page.locator(".card")).to_have_count(CLIPS)
    assert len({card.get_attribute("data-id") for card in page.locator(".card").all()}) == CLIPS
    assert not any(url.endswith("variant=video") for url in asked)

    page.fill("#search", "nothing like it")
    expect(page.locator("#none")).to_have_text("None of your clips is like that.")
    page.fill("#search", "")
    first = page.locator(".card").first
    first.hover()
    first.locator(".star").click()
    page.click("#filter [data-value=favorite]")
    expect(page.locator(".card:visible")).to_have_count(1)
    page.click("#filter [data-value=all]")

    page.click("#select")
    for card in page.locator(".card").all()[1:4]:
        card.locator(".pick").check()
    expect(page.locator("#chosen-count")).to_have_text("3 selected")
    with page.expect_download() as download:
        page.click("#download-chosen")
    assert download.value.path().read_bytes()[:2] == b"PK"
    page.click("#select")
    for card in page.locator(".card").all()[1:4]:
        card.locator(".pick").check()
    page.click("#delete-chosen")
    expect(page.locator(".card:visible")).to_have_count(CLIPS - 3)
    page.reload()  # who leaves does not take it back
    expect(page.locator("#counts")).to_have_text(str(CLIPS - 3))

    page.locator("#more").scroll_into_view_if_needed()
    expect(page.locator(".card")).to_have_count(CLIPS - 3)
    delete_unheard(program.data_dir, page.locator(".card").last.get_attribute("data-id"))
    page.evaluate(
        "dispatchEvent(new Event('online'))"
    )  # a new connection, which knows no last event
    expect(page.locator(".card")).to_have_count(CLIPS - 4)


def delete_unheard(data_dir: Path, job_id: str | None) -> None:
    """As another device does while this one is cut off."""
    with closing(sqlite3.connect(data_dir / "photoplay.db")) as database, database:
        database.execute("UPDATE jobs SET deleted_at = created_at WHERE id = ?", [job_id])
