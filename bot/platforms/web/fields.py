"""What the fields of a body hold while they come in: a little in memory, more in a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import unquote_plus

from bot.submission.uploads import PIECE, IncomingUpload, Spool

SMALL = 2**16
"""Bytes up to which a field stays in memory."""


LONGEST_LETTER = 4
"""Bytes of one in UTF-8, which the end of a head may cut in two."""


class Spelling(Enum):
    """How text is written where it comes in, as far as a data URL needs it."""

    PLAIN = ()
    JSON = (
        (rb"\/", b"/"),
        (rb"\n", b""),
        (rb"\r", b""),
        (rb"\t", b""),
        (rb"\u002b", b"+"),
        (rb"\u002B", b"+"),
        (rb"\u002f", b"/"),
        (rb"\u002F", b"/"),
        (rb"\u003d", b"="),
        (rb"\u003D", b"="),
    )
    URL = (
        (b"+", b""),
        (b"%2B", b"+"),
        (b"%2b", b"+"),
        (b"%2F", b"/"),
        (b"%2f", b"/"),
        (b"%3D", b"="),
        (b"%3d", b"="),
        (b"%3A", b":"),
        (b"%3a", b":"),
        (b"%3B", b";"),
        (b"%3b", b";"),
        (b"%2C", b","),
        (b"%2c", b","),
        (b"%0D", b""),
        (b"%0d", b""),
        (b"%0A", b""),
        (b"%0a", b""),
        (b"%20", b""),
    )

    def read(self, text: bytes) -> bytes:
        """What cannot be in a data URL stays as it is, and is none afterwards."""
        for written, meant in self.value:
            text = text.replace(written, meant)
        return text

    @property
    def escape(self) -> bytes:
        """What begins a sequence that stands for something else."""
        return {Spelling.PLAIN: b"", Spelling.JSON: b"\\", Spelling.URL: b"%"}[self]


@dataclass(frozen=True, slots=True)
class Text:
    """What a field says, as it came; long text lies in a file, and `head` is how it begins."""

    content: bytes | Path
    spelling: Spelling
    head: bytes

    def __str__(self) -> str:
        """Of long text enough to be refused as too long."""
        try:
            text = self.head.decode(errors="ignore" if self.is_long else "strict")
        except UnicodeDecodeError:
            text = self.head.decode("latin-1")
        return unquote_plus(text) if self.spelling is Spelling.URL else text

    @property
    def is_binary(self) -> bool:
        """A file that came without a name: a form's reader has to take it for text."""
        try:
            self.head.decode()
        except UnicodeDecodeError as error:
            return not self.is_long or error.start < len(self.head) - LONGEST_LETTER
        return False

    async def pieces(self) -> AsyncGenerator[bytes]:
        if isinstance(self.content, bytes):
            yield self.content
            return
        with await asyncio.to_thread(self.content.open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece

    @property
    def is_long(self) -> bool:
        return isinstance(self.content, Path)


@dataclass(frozen=True, slots=True)
class File:
    """What came as a file, in memory or where it lies."""

    content: bytes | Path


class FieldContent:
    """Grows as bytes come; `flush` now and then, so that they do not gather in memory."""

    def __init__(self, upload: IncomingUpload) -> None:
        self._upload = upload
        self._spool: Spool | None = None
        self.head = bytearray()
        self.size = 0

    @property
    def long(self) -> bool:
        return self._spool is not None

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self._spool is None:
            self.head += piece
            if self.size > SMALL:
                self._spool = self._upload.spool()
                self._spool.write(bytes(self.head))
                del self.head[SMALL:]
        else:
            self._spool.write(piece)

    async def flush(self, *, whole: bool = False) -> None:
        """`whole`: also where it is little, because no more of it will come."""
        if self._spool is not None:
            await self._spool.flush(least=1 if whole else PIECE)

    async def finish(self) -> bytes | Path:
        """The bytes, or the file where they are many."""
        return bytes(self.head) if self._spool is None else await self._spool.finish()
