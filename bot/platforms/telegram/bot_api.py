"""The calls by which updates come: our own, since the library writes what people wrote to the log,
and takes one answer it cannot read for the end of everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

ANSWER = 20.0
"""Seconds for an answer, beside those that Telegram is asked to wait."""


class CallFailed(Exception):
    """Telegram could not be asked, or gave no answer one can read; the text is for the log."""


class CallRefused(CallFailed):
    """Telegram says no; `after`: the seconds it wants to be left alone."""

    def __init__(self, status: int, reason: str, after: float = 0.0) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason
        self.after = after


class BotApi:
    """`api_url` is Telegram's or a server's of our own. No error's text holds the token."""

    def __init__(self, token: str, api_url: str) -> None:
        self._base = f"{api_url.rstrip('/')}/bot{token}"
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self, method: str, values: Mapping[str, object], *, patience: float = 0.0
    ) -> Any:
        """The result; raises `CallFailed`. `patience`: seconds that Telegram may wait."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        limit = aiohttp.ClientTimeout(total=patience + ANSWER)
        try:
            async with self._session.post(
                f"{self._base}/{method}", json=values, timeout=limit
            ) as answer:
                status, body = answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise CallFailed(type(error).__name__) from None
        return _result(status, body)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _result(status: int, body: Any) -> Any:
    if not isinstance(body, dict):
        raise CallFailed(f"status {status} and no object")
    if status == 200 and body.get("ok") is True and "result" in body:
        return body["result"]
    parameters = body.get("parameters")
    after = parameters.get("retry_after") if isinstance(parameters, dict) else None
    reason = str(body.get("description") or "without a reason")
    raise CallRefused(status, reason, float(after) if isinstance(after, int) else 0.0)
