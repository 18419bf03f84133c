"""`photoplay doctor` says of each server what is wrong with it, and what to do."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.cli.engine_check import engine_findings
from config.engine_sections import EngineSettings
from config.settings import Settings
from tests.fakes.videos.rude import HTML, Said, rude_server


async def test_a_server_is_told_with_its_fault_and_the_cure(tmp_path: Path) -> None:
    async with rude_server({"models": Said(HTML)}) as page, rude_server({}) as good:
        servers = [{"url": url} for url in (page.url, good.url, "http://127.0.0.1:9/v1")]
        engine = {"name": "camera", "url": good.url, "servers": servers}
        settings = Settings(data_dir=tmp_path, engine=EngineSettings.model_validate(engine))
        unused, wrong, well, away = await asyncio.to_thread(engine_findings, settings)
    assert "nothing asks" in unused.message
    assert "engine.servers" in unused.cure
    assert "no OpenAI Videos API" in wrong.message
    assert "Mend" in wrong.cure
    assert well.ok
    assert "no connection" in away.message
    assert "running" in away.cure
