"""Says which parts of the children's sandbox the kernel here does not have: once, at the start."""

from __future__ import annotations

import asyncio

import structlog

from generation.sandbox.children import Held
from generation.sandbox.trial import held_here

log = structlog.get_logger(__name__)


def lacking(held: Held) -> list[str]:
    parts = {"Landlock": held.landlock, "seccomp": held.seccomp}
    return [name for name, there in parts.items() if not there]


async def tell_what_lacks() -> None:
    if parts := lacking(await asyncio.to_thread(held_here)):
        log.warning("sandbox_incomplete", lacking=parts)
