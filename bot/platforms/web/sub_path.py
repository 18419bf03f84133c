"""The path of `web.public_url`, where a proxy passes it on instead of taking it off."""

from __future__ import annotations

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class SubPath:
    """Everything is found with and without the path: proxies do either."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not self._path or not _below(path, self._path):
            await self._app(scope, receive, send)
        elif path == self._path:  # what is named relative to the page would be found beside it
            await RedirectResponse(f"{self._path}/", 308)(scope, receive, send)
        else:
            rest = path.removeprefix(self._path)
            await self._app({**scope, "path": rest, "raw_path": rest.encode()}, receive, send)


def _below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")
