"""A hub on loopback: one repository of files, a line that can be cut, hashes that can lie."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" * 6 + "cafe"


@dataclass
class Hub:
    """`files` by "owner/name/path"; weights are those ending in .safetensors.

    `cut_after`: bytes of the next weights' answer after which the line is dropped.
    """

    files: dict[str, bytes]
    cut_after: int | None = None
    lying: bool = False
    gated: bool = False
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    url: str = ""

    def __enter__(self) -> Hub:
        hub = self

        class Handler(_Handler):
            shop = hub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, method: str = "GET") -> set[str]:
        """Paths of files that were fetched."""
        return {path for verb, path, _ in self.requests if verb == method}

    def described(self, repo: str) -> dict[str, Any]:
        siblings = []
        for path, content in self.files.items():
            if path.startswith(f"{repo}/"):
                name = path.removeprefix(f"{repo}/")
                siblings.append({"rfilename": name, **self._facts(name, content)})
        return {"_id": "1", "id": repo, "modelId": repo, "sha": COMMIT, "siblings": siblings}

    def _facts(self, name: str, content: bytes) -> dict[str, Any]:
        facts: dict[str, Any] = {"size": len(content), "blobId": hashlib.sha1(content).hexdigest()}
        if name.endswith(".safetensors"):
            sha256 = self.hash_of(content)
            facts["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 134}
        return facts

    def hash_of(self, content: bytes) -> str:
        return hashlib.sha256(content + (b"?" if self.lying else b"")).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    shop: Hub

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/api/models/"):
            repo = "/".join(path.removeprefix("/api/models/").split("/")[:2])
            self._json(self.shop.described(repo))
            return
        owner, name, _, _, file = path.strip("/").split("/", 4)
        self.shop.requests.append((self.command, file, self.headers.get("Range")))
        content = self.shop.files.get(f"{owner}/{name}/{file}")
        if self.shop.gated and file.endswith(".safetensors"):
            self._refuse(403, "GatedRepo", "Access to this repository is restricted.")
        elif content is None:
            self._refuse(404, "EntryNotFound", "Entry not found")
        else:
            self._file(file, content, body=body)

    def _file(self, file: str, content: bytes, *, body: bool) -> None:
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").strip("-"))
        rest = content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        weights = file.endswith(".safetensors")
        etag = self.shop.hash_of(content) if weights else hashlib.sha1(content).hexdigest()
        self.send_header("ETag", f'"{etag}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Accept-Ranges", "bytes")
        self.end_headers()
        if not body:
            return
        cut = self.shop.cut_after if weights else None
        if cut is not None:
            self.shop.cut_after = None
        self.wfile.write(rest[:cut])
        self.close_connection = cut is not None

    def _json(self, answer: dict[str, Any]) -> None:
        if self.shop.gated:
            answer["gated"] = "auto"
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _refuse(self, status: int, code: str, message: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", message)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        return
