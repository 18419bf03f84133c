"""People with the page open, in a process of their own: what they do costs the bench no time.

`python -m bench.watcher_parts URL`, and on stdin a line for each of them: a key and a video's id.
It says `ready` once everybody has been told something, and at the end of stdin how many bytes and
events it were.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit


async def watch(
    url: str, key: str, video_id: str, told: Counter[str], is_told: asyncio.Event
) -> None:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    path = f"/v1/videos/{video_id}/events"
    head = f"GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\r\n"
    writer.write(head.encode())
    assert b" 200 " in await reader.readline()
    while piece := await reader.read(2**16):
        told["bytes"] += len(piece)
        told["events"] += piece.count(b"event: ")
        if b"event: " in piece:
            is_told.set()


async def main() -> None:
    told: Counter[str] = Counter()
    pairs = [line.split() for line in iter(sys.stdin.readline, "\n")]
    events = [asyncio.Event() for _ in pairs]
    async with asyncio.TaskGroup() as tasks:
        watching = [
            tasks.create_task(watch(sys.argv[1], key, video_id, told, event))
            for (key, video_id), event in zip(pairs, events, strict=True)
        ]
        await asyncio.gather(*(event.wait() for event in events))
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for task in watching:
            task.cancel()
    print(f"{told['events']:,} events told, {told['bytes']:,} bytes")


@asynccontextmanager
async def watchers(url: str, pairs: list[tuple[str, str]]) -> AsyncGenerator[None]:
    """Key and video's id of each; what they were told is printed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.watcher_parts",
        url,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write("".join(f"{key} {video}\n" for key, video in pairs).encode() + b"\n")
        assert await asyncio.wait_for(process.stdout.readline(), 60) == b"ready\n"
        yield
        process.stdin.close()
        print((await process.stdout.read()).decode(), end="")
    except BaseException:
        process.kill()
        raise
    finally:
        await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
