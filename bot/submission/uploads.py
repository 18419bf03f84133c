"""The one intake of every front: who is in it, whose turn it is, and files instead of memory."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from generation.images.intake import check_bytes, disk_full_is_queue_full, to_the_end
from generation.turns import FairTurns, HeldTurn
from generation.workspace import Workspace

AT_ONCE = 64
"""Requests whose bytes come in at the same time: each has less than a megabyte in memory."""

EACH = 4
"""Of them of one requester."""

PIECE = 2**18
"""Bytes that are kept before they are written."""


class Spool:
    """A file that grows as its bytes come; it belongs to the upload that began it."""

    def __init__(self, path: Path, workspace: Workspace) -> None:
        self.path = path
        self.size = 0
        self._workspace = workspace
        self._pending = bytearray()

    def write(self, content: bytes) -> None:
        """Keep it until the next `flush`."""
        self._pending += content
        self.size += len(content)

    async def flush(self, *, least: int = PIECE) -> None:
        """Write what is kept, once it is that much; raises `QueueFull` where there is no room."""
        if len(self._pending) < least:
            return
        pending, self._pending = self._pending, bytearray()
        await to_the_end(lambda: self.append(pending))

    async def finish(self) -> Path:
        """Where it lies, complete, be it empty."""
        await self.flush(least=0)
        return self.path

    def append(self, content: bytes | bytearray) -> None:
        """Write it now, for threads."""
        self._workspace.check_room()
        with disk_full_is_queue_full(), open(self.path, "ab", opener=_for_us_alone) as file:
            file.write(content)


class IncomingUpload:
    """One request in the intake; what it brought is deleted when it leaves.

    `ahead` are the requests of the same owner that were in the intake before.
    """

    def __init__(self, owner: str, ahead: int, workspace: Workspace, reading: FairTurns) -> None:
        self.owner = owner
        self.ahead = ahead
        self._workspace = workspace
        self._reading = reading
        self._spools: list[Spool] = []

    def turn(self) -> AbstractAsyncContextManager[HeldTurn]:
        """Within, bytes may come in: it waits for a place among those of all owners."""
        return self._reading.of(self.owner)

    def spool(self) -> Spool:
        path = self._workspace.input(f".{secrets.token_hex(16)}.upload")
        self._spools.append(Spool(path, self._workspace))
        return self._spools[-1]

    async def store(self, pieces: AsyncIterable[bytes]) -> Path:
        """A picture as a file; raises `ImageTooLarge` as soon as it is, `QueueFull`."""
        spool = self.spool()
        async for piece in pieces:
            spool.write(piece)
            check_bytes(spool.size)
            await spool.flush()
        return await spool.finish()

    async def store_made(self, pieces: Iterable[bytes]) -> Path:
        """The same for what is worked out here, in a thread; what `pieces` raises passes on."""
        spool = self.spool()

        def work() -> None:
            for piece in pieces:
                spool.append(piece)

        await to_the_end(work)
        return spool.path

    def remove_files(self) -> None:
        for spool in self._spools:
            spool.path.unlink(missing_ok=True)


class Uploads:
    """`inside` are the requests of an owner that are in the intake now."""

    def __init__(self, workspace: Workspace, *, at_once: int = AT_ONCE, each: int = EACH) -> None:
        self._workspace = workspace
        self._reading = FairTurns(at_once, each)
        self._inside: dict[str, set[IncomingUpload]] = {}

    def inside(self, owner: str) -> int:
        return len(self._inside.get(owner, ()))

    @asynccontextmanager
    async def begun(self, owner: str) -> AsyncGenerator[IncomingUpload]:
        """A request comes in; it leaves at the end of the block, if it has not left before."""
        upload = IncomingUpload(owner, self.inside(owner), self._workspace, self._reading)
        self._inside.setdefault(owner, set()).add(upload)
        try:
            yield upload
        finally:
            self.leave(upload)

    def leave(self, upload: IncomingUpload) -> None:
        """From now on its owner's limits count it no more."""
        upload.remove_files()
        uploads = self._inside.get(upload.owner, set())
        uploads.discard(upload)
        if not uploads:
            self._inside.pop(upload.owner, None)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
