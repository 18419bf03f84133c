"""Somebody honest, in a process of their own: what an attack costs the bench costs them nothing.

`python -m bench.honest_parts URL KEY`: until stdin ends, and once at least, they upload a picture
and cancel it again, and ask /healthz on a new connection each time. Then a line of JSON: the
seconds that each took.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

PICTURE = Path(__file__).parents[1] / "tests" / "data" / "pictures" / "astronaut.png"


@dataclass
class Honest:
    """Seconds of each upload and of each look at /healthz."""

    uploads: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)


def upload(url: str, key: str) -> float:
    """From its first byte to its answer; the request is cancelled afterwards."""
    content = PICTURE.read_bytes()
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=url, headers=headers, timeout=300) as ann:
        began = time.perf_counter()
        answer = ann.post(
            "/v1/videos",
            data={"num_frames": "9", "size": "64x64"},
            files={"input_reference": ("p.png", content)},
        )
        took = time.perf_counter() - began
        answer.raise_for_status()
        ann.delete(f"/v1/videos/{answer.json()['id']}")
    return took


def look(url: str) -> float:
    with httpx.Client(timeout=300) as http:
        began = time.perf_counter()
        http.get(f"{url}/healthz").raise_for_status()
        return time.perf_counter() - began


def main() -> None:
    url, key = sys.argv[1:]
    ended, honest = threading.Event(), Honest()

    def again_and_again(step: Callable[[], float], times: list[float], pause: float) -> None:
        while not (times and ended.is_set()):
            times.append(step())
            ended.wait(pause)

    looking = threading.Thread(
        target=again_and_again, args=(lambda: look(url), honest.health, 0.05)
    )
    uploading = threading.Thread(
        target=again_and_again, args=(lambda: upload(url, key), honest.uploads, 0.05)
    )
    for thread in (looking, uploading):
        thread.start()
    sys.stdin.read()
    ended.set()
    for thread in (looking, uploading):
        thread.join()
    print(json.dumps(vars(honest)))


@asynccontextmanager
async def honest(url: str, key: str) -> AsyncGenerator[Honest]:
    """Filled once the block has ended."""
    found = Honest()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.honest_parts",
        url,
        key,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    try:
        yield found
        said, _ = await process.communicate(b"")
        vars(found).update(json.loads(said))
    except BaseException:
        process.kill()
        raise
    finally:
        await process.wait()


if __name__ == "__main__":
    main()
