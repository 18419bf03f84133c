"""How the real program starts with two chats whose servers do not answer, or refuse its tokens."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from aiohttp import web

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


class TwoChats:
    """Discord and Telegram at one address, where nobody is answered before both have been asked.

    `silent`: not even then; else no token is taken.
    """

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._asked = {"/api/v10/users/@me": asyncio.Event(), "/bot1:canary/getMe": asyncio.Event()}

    async def asked(self) -> None:
        async with asyncio.timeout(60):
            for event in self._asked.values():
                await event.wait()

    async def answer(self, request: web.Request) -> web.Response:
        self._asked[request.path].set()
        await self.asked()
        if self._silent:
            await asyncio.Event().wait()
        refusal = {"ok": False, "error_code": 401, "description": "Unauthorized"}
        return web.json_response(refusal, status=401)


@asynccontextmanager
async def started(folder: Path, chats: TwoChats, **settings: str) -> AsyncGenerator[Process]:
    """`photoplay run` with a token for both; nothing of it is left afterwards."""
    runner = web.AppRunner(web.Application(), shutdown_timeout=0.1)
    runner.app.router.add_route("*", "/{path:.*}", chats.answer)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    environment = {name: text for name, text in os.environ.items() if "PHOTOPLAY" not in name}
    environment |= {
        "PHOTOPLAY_DISCORD__TOKEN": "canary",
        "PHOTOPLAY_DISCORD__API_URL": f"http://{host}:{port}/api/v10",
        "PHOTOPLAY_TELEGRAM__TOKEN": "1:canary",
        "PHOTOPLAY_TELEGRAM__API_URL": f"http://{host}:{port}",
    }
    command = (sys.executable, "-m", "bot", "run", "--port", "0", "--data-dir", str(folder))
    child = await asyncio.create_subprocess_exec(
        *command, env=environment | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.communicate()
        await runner.cleanup()


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)]
)
async def test_a_stop_ends_a_log_in_that_nobody_answers(
    tmp_path: Path, number: signal.Signals
) -> None:
    chats = TwoChats(silent=True)
    async with started(tmp_path, chats) as running:
        await chats.asked()
        children = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(number)
        out, _ = await asyncio.wait_for(running.communicate(), 60)
        said = out.decode()
        assert running.returncode == 0, said
        assert "out_of_reach" not in said  # as it would after the seconds that a log-in has
        assert "photoplay is ready" not in said
        assert said.strip().endswith("whatever waits is made after the next start.")
        assert psutil.wait_procs(children, timeout=30)[1] == []


async def test_two_tokens_that_are_refused_are_shown_at_the_same_time(tmp_path: Path) -> None:
    chats = TwoChats(silent=False)
    async with started(tmp_path, chats, PHOTOPLAY_WEB__ENABLED="false") as running:
        await chats.asked()
        out, _ = await asyncio.wait_for(running.communicate(), 60)
        said = out.decode()
        assert running.returncode == 1, said
        assert said.count("platform_stopped") == 2
        assert "Discord does not take discord.token" in said
        assert said.splitlines()[-1].startswith("photoplay: Telegram does not take telegram.token")
        assert "canary" not in said
