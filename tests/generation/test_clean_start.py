"""What a killed process leaves is gone at the next start, and nothing that somebody still needs."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, house, wish


async def test_unfinished_files_and_unowned_pictures_go_at_once_and_owned_ones_stay(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home:
        await home.service.submit(wish(), ANN)
        inputs, clips = home.workspace.inputs, home.workspace.clips
        stay = [inputs / "photo.png", clips / "video_a.mp4", tmp_path / "secret"]
        go = [
            inputs / "nobodys.png",
            inputs / ".token.source",
            clips / ".video_a.mp4.0a1b.video.part",
            tmp_path / ".secret.0a1b.part",
        ]
        for file in (*stay, *go):
            file.write_bytes(b"x")
        await home.core.resume()
        assert [file.exists() for file in stay] == [True] * 3
        assert [file.exists() for file in go] == [False] * 4
        assert (tmp_path / "photoplay.db").exists()


async def test_the_picture_of_a_finished_clip_stays_for_its_time(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        home.workspace.input("photo.png").write_bytes(b"x")
        engine.finish(await engine.begun.get())
        async for _ in home.service.watch(ticket.job_id):
            pass
        home.clock.pass_(23 * 3600)
        await home.core.resume()
        assert home.workspace.input("photo.png").exists()
