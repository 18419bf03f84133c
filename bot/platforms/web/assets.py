"""The page's files as they go over the wire: compressed once, kept until they change."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.platforms.web.scripts import joined

IMPORT = re.compile(rb'"(\./[\w-]+\.js)"')
"""How one module names another: there the version goes in as well."""

FOR_READERS = re.compile(rb"(?m)^[ \t]+|^[ \t]*//[^\n]*\n")
"""Indentation and lines of comment: whoever changes a script reads it where it lies."""

SPARED = 1024
"""Bytes below which compressing saves nothing."""

FOR_GOOD = "max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True)
class Packed:
    """A text as it is, and smaller; the same bytes where that gains nothing."""

    plain: bytes
    packed: bytes

    def answer(self, request: Request, kind: str, caching: str) -> Response:
        taken = "gzip" in request.headers.get("accept-encoding", "")
        body = self.packed if taken else self.plain
        headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
        if body is not self.plain:
            headers["Content-Encoding"] = "gzip"
        return Response(body, media_type=kind, headers=headers)


def pack(text: bytes) -> Packed:
    packed = gzip.compress(text, mtime=0) if len(text) > SPARED else text
    return Packed(text, packed if len(packed) < len(text) else text)


class Assets:
    """What lies in one folder, `script` with all that it imports.

    `version` changes with any of it and stands behind `?v=`.
    """

    def __init__(self, folder: Path, *, script: str) -> None:
        found = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        scripts = {name: one.decode() for name, one in found.items() if name.endswith(".js")}
        found |= {name: one.encode() for name, one in joined(scripts, script).items()}
        digest = hashlib.sha256(b"\0".join(part for one in found.items() for part in _bytes(*one)))
        self.version = digest.hexdigest()[:10]
        named = rb'"\1?v=' + self.version.encode() + b'"'
        self._files = {
            name: _packed(name, IMPORT.sub(named, content)) for name, content in found.items()
        }
        self._found = found

    def text(self, name: str) -> str:
        """As it lies there."""
        return self._found[name].decode()

    def answer(self, request: Request, name: str, *, caching: str | None = None) -> Response:
        """Raises `HTTPException` for a file that is not there."""
        file = self._files.get(name)
        if file is None:
            raise HTTPException(404)
        known = request.query_params.get("v") == self.version
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = file.answer(request, kind, caching or (FOR_GOOD if known else ASK_AGAIN))
        packed = "g" if "content-encoding" in response.headers else ""
        response.headers["ETag"] = f'"{self.version}{packed}"'
        return response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method != "GET":
            raise HTTPException(405)
        name = str(scope["path"]).rpartition("/static/")[2]
        await self.answer(request, name)(scope, receive, send)


def _packed(name: str, content: bytes) -> Packed:
    match Path(name).suffix:
        case ".js" | ".css":
            return pack(FOR_READERS.sub(b"", content))
        case ".svg" | ".html":
            return pack(content)
        case _:
            return Packed(content, content)


def _bytes(name: str, content: bytes) -> tuple[bytes, bytes]:
    return name.encode(), content
