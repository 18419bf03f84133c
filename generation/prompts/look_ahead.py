"""Has the prompts of those who are next written while others are rendered."""

from __future__ import annotations

import asyncio

from generation.dispatch.standing import FailuresLogged
from generation.prompts.prompt_help import PromptHelp
from generation.store.job_queue import JobQueue
from generation.workspace import Workspace

PAUSE = 2.0
"""Seconds between two looks: a language model takes about as long, a clip far longer."""

AHEAD = 3


async def look_ahead(
    queue: JobQueue, prompts: PromptHelp | None, workspace: Workspace, *, pause: float = PAUSE
) -> None:
    """As long as the program runs, where somebody takes time to write them."""
    while prompts is not None and prompts.takes_time:
        with FailuresLogged("look_ahead"):
            for job in await queue.next_up(AHEAD):
                if job.after is None:  # else its picture is still to be made
                    prompts.begin(job.request, workspace.input(job.request.image))
        await asyncio.sleep(pause)
