"""How a server says no, and what that means: of the request, of the server, or of the way to it."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from generation.engine.protocol import ServerAway, WorkerLost
from generation.remote.answers import LONGEST_CODE, object_of, refusal_of
from generation.remote.bodies import FarAnswer
from generation.remote.errors import HalfFile, ServerBusy, ServerFails, ServerRefuses

GATEWAYS = frozenset({502, 504})
"""What a proxy says while the server behind it is away."""

LOOK = "look at engine.url, which ends in /v1."
KEY_REFUSED = "The server refuses the key: look at engine.api_key."
WRONG_HOST = "The server does not know itself under this name: see web.allowed_hosts there."
NO_API = f"What answers there is no OpenAI Videos API: {LOOK}"

GONE = frozenset({404, 410})

MENDABLE = frozenset({400, 409, 410, 413, 415, 422, 451})
"""Statuses that are about the request; all others are the operator's to mend."""

MODERATED = frozenset(
    {"content_filter", "content_policy_violation", "moderation_blocked", "sensitive_content"}
)
"""What OpenAI, Azure and the routers before them call a wish they will not make; some with 403."""


def accepted(answer: FarAnswer) -> FarAnswer:
    """Raises `ServerBusy`, `ServerRefuses`; a server's own fault is one of the way to it."""
    status = answer.status
    if status < 300:
        return answer
    if status in {429, 503}:
        code = refusal_of(answer.body)[0]
        why = (
            f"{status} {code}" if code.isidentifier() and len(code) < LONGEST_CODE else f"{status}"
        )
        raise ServerBusy(_seconds(answer.headers.get("retry-after", "")), why)
    if status >= 500:
        raise ServerFails(status)
    raise ServerRefuses(status, *refusal_of(answer.body))


def checked_models(answer: FarAnswer) -> dict[str, Any]:
    """The list of models that somebody sent. Raises `ServerAway`, `WorkerLost`."""
    status = answer.status
    if status in {401, 403}:
        raise WorkerLost(KEY_REFUSED, guilty=False)
    if status == 429 or status >= 500:
        raise ServerAway(f"The server answers with {status}.")
    if refusal_of(answer.body)[0] == "wrong_host":
        raise WorkerLost(WRONG_HOST, guilty=False)
    if status >= 300 and status != 404:
        raise WorkerLost(f"The server answers with {status}: {LOOK}", guilty=False)
    models = object_of(answer.body)
    if status == 404 or not (isinstance(models.get("data"), list) or "model_path" in models):
        raise WorkerLost(NO_API, guilty=False)
    return models


def is_of_the_request(refusal: ServerRefuses) -> bool:
    """Another request may be taken, with the same key and address."""
    return refusal.status in MENDABLE or refusal.code in MODERATED


def refused(refusal: ServerRefuses) -> WorkerLost:
    """Of a refusal that says nothing of the request."""
    if refusal.status in {401, 403}:
        return WorkerLost(KEY_REFUSED, guilty=False)
    if refusal.status == 402:
        return WorkerLost("The server wants to be paid before it makes more.", guilty=False)
    return WorkerLost(f"The server answers with {refusal.status}: {LOOK}", guilty=False)


def lost(error: httpx.HTTPError) -> WorkerLost:
    """Who answers, and fails with this job again and again, is not away."""
    fails = isinstance(error, ServerFails) and error.status not in GATEWAYS
    guilty = fails or isinstance(error, HalfFile)
    return WorkerLost(f"The server does not answer ({named(error)}).", guilty=guilty)


def named(error: httpx.HTTPError) -> str:
    """In few words and without the address, in which there may be a key."""
    if isinstance(error, ServerFails):
        return str(error)
    if "CERTIFICATE" in str(error):
        return "its certificate is not trusted"
    if "[SSL" in str(error):
        return "it speaks no TLS there"
    return {
        "ConnectError": "no connection",
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "TooManyRedirects": "it redirects without end",
    }.get(type(error).__name__, "the connection broke")


def _seconds(retry_after: str) -> float:
    """Of a number or a date (RFC 9110, 10.2.3); one where it is neither."""
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            then = parsedate_to_datetime(retry_after)
            seconds = (then.astimezone(UTC) - datetime.now(UTC)).total_seconds()
        except (ValueError, OverflowError):
            return 1.0
    return max(seconds, 0.0) if math.isfinite(seconds) else 1.0
