"""What went wrong, as HTTP says it: a status and `{"error": {message, type, code, param}}`."""

from __future__ import annotations

import asyncio
import math

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.routing import Match

from bot.language.catalogue import Catalogue
from bot.language.reasons import refusal
from bot.platforms.web.identity import Unauthorized, UnknownCookie
from bot.platforms.web.languages import catalogue_of
from generation.errors import (
    Blocked,
    Expired,
    ImageTooLarge,
    InvalidImage,
    InvalidPrompt,
    JobNotFound,
    QueueFull,
    QuotaExceeded,
    Rejected,
    RequestKeyReused,
    UnsupportedOption,
    Unwelcome,
)
from generation.store.database import Unwritable

log = structlog.get_logger(__name__)

MAX_BODY = 36 * 2**20
"""Bytes: a picture of 25 MB as base64 in JSON, and the words beside it."""

MAX_OTHER_BODY = 64_000
"""Bytes where no picture is taken, as at `/session`, which asks for no key."""

LISTED = 100
"""Videos on one page of the list, at most."""

SLOWED = 0.3
"""Seconds before somebody hears that their key is wrong."""

RETRY_WHEN_FULL = 30
"""Seconds a client should leave a full queue alone."""

FIELDS = {"end_image": "end_reference"}
"""What the API calls otherwise than the engines do."""


_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "body_too_large",
}

CLOSING = {"Connection": "close"}
"""Beside a 413: the rest of the body is not read, nor is its sender listened to."""


class BodyTooLarge(HTTPException):
    """A body of more than `most` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(413)
        self.most = most


def error_response(
    status: int,
    message: str,
    code: str,
    *,
    param: str | None = None,
    retry_after: float | None = None,
) -> JSONResponse:
    kind = "invalid_request_error" if status < 500 else "server_error"
    if status == 429:
        kind = "rate_limit_error"
    headers = {} if retry_after is None else {"Retry-After": str(math.ceil(retry_after))}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    content = {"message": message, "type": kind, "code": code, "param": param}
    return JSONResponse({"error": content}, status, headers)


def said(request: HTTPConnection, status: int, code: str) -> JSONResponse:
    """One of the web's own refusals, whose code is the name of its sentence."""
    return error_response(status, catalogue_of(request).say(f"web.{code}"), code)


def too_large(catalogue: Catalogue, most: int) -> JSONResponse:
    message = catalogue.say("web.body_too_large")
    if most < MAX_BODY:
        message = catalogue.say("web.body_too_long", kilobytes=most // 1000)
    return error_response(413, message, "body_too_large")


def _wait(error: QuotaExceeded) -> float | None:
    """Seconds; none where it would never fit, however long somebody waits."""
    clips, most = error.facts.get("clips"), error.facts["most"]
    if isinstance(clips, int) and isinstance(most, int) and clips > most:
        return None
    return RETRY_WHEN_FULL if error.retry_after is None else error.retry_after


def from_rejection(error: Rejected, catalogue: Catalogue) -> JSONResponse:
    message = refusal(catalogue, error)
    match error:
        case ImageTooLarge():
            return error_response(413, message, error.code, param=error.param)
        case InvalidImage():
            return error_response(415, message, error.code, param=error.param)
        case UnsupportedOption():
            param = FIELDS.get(error.param, error.param)
            return error_response(400, message, error.code, param=param)
        case InvalidPrompt():
            return error_response(400, message, error.code, param=str(error.facts["param"]))
        case Unwelcome():
            return error_response(400, message, error.code, param=error.param)
        case QuotaExceeded():
            return error_response(429, message, error.code, retry_after=_wait(error))
        case QueueFull():
            return error_response(503, message, error.code, retry_after=RETRY_WHEN_FULL)
        case JobNotFound():
            return error_response(404, message, error.code, param=error.param)
        case Expired(reason="unfinished"):
            return error_response(409, message, "not_finished")
        case Expired():
            return error_response(404, message, error.code)
        case Blocked():
            return error_response(403, message, error.code)
        case RequestKeyReused():
            code = "request_deleted" if error.reason == "deleted" else error.code
            return error_response(409, message, code, param="Idempotency-Key")
        case _:
            return error_response(400, message, error.code)


def install(app: FastAPI) -> None:
    """Answer every expected error in the one shape."""
    app.add_exception_handler(Exception, _defect)
    app.add_exception_handler(Rejected, _rejected)
    app.add_exception_handler(Unwritable, _unwritable)
    app.add_exception_handler(Unauthorized, _unauthorized)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _defect(request: Request, _: Exception) -> JSONResponse:
    # The traceback goes to the log by itself; the person gets a sentence.
    return said(request, 500, "internal_error")


async def _rejected(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Rejected)
    return from_rejection(error, catalogue_of(request))


async def _unwritable(request: Request, error: Exception) -> JSONResponse:
    log.warning("not_answered", reason=str(error))
    return from_rejection(QueueFull("unwritable"), catalogue_of(request))


async def _unauthorized(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, UnknownCookie):
        return said(request, 401, "unknown_cookie")
    if "authorization" in request.headers or request.url.path == "/session":
        await asyncio.sleep(SLOWED)
    return said(request, 401, "no_key")


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "bad_request")
    answer = said(request, error.status_code, code)
    if isinstance(error, BodyTooLarge):
        answer = too_large(catalogue_of(request), error.most)
    answer.headers.update(error.headers or {})
    if error.status_code == 413:
        answer.headers.update(CLOSING)
    if error.status_code == 405:
        answer.headers["Allow"] = ", ".join(_allowed(request))
    return answer


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name, catalogue = str(first["loc"][-1]), catalogue_of(request)
    if name == "prompt" and first["type"] == "string_too_long":
        length, most = len(first["input"]), first["ctx"]["max_length"]
        too_long = InvalidPrompt("too_long", param=name, length=length, most=most)
        return from_rejection(too_long, catalogue)
    message = _expected(name, first["type"], catalogue)
    return error_response(400, message, "invalid_value", param=name)


def _expected(name: str, kind: str, catalogue: Catalogue) -> str:
    match name, kind:
        case "limit", _:
            return refusal(catalogue, UnsupportedOption("out_of_range", name, low=1, high=LISTED))
        case "order", _:
            return refusal(catalogue, UnsupportedOption("choice", name, known=("asc", "desc")))
        case _, "bool_type":
            return refusal(catalogue, UnsupportedOption("yes_or_no", name))
        case _:
            return catalogue.say("web.invalid_value", param=name)


def _allowed(request: Request) -> list[str]:
    """Every method of this path: Starlette names only those of the first route that has it.

    A path of its own (`/v1/videos/edits`) goes before one that takes any name there.
    """
    own = request.app.openapi()["paths"].get(request.url.path)
    if own is not None:
        methods = [method.upper() for method in own]
        return [*methods, "HEAD"] if "GET" in methods else methods
    methods = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]
    return [*methods, "HEAD"] if "GET" in methods else methods
