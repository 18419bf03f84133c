"""What an operator's tools ask: alive, ready, and how much of everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.responses import PlainTextResponse, Response

from bot.platforms.web.errors import error_response
from bot.platforms.web.identity import Identity
from bot.platforms.web.openapi import errors
from generation.dispatch.metrics import Metrics


class Status(BaseModel):
    status: str


class Readiness(Status):
    """`stopped`: the platforms that serve nobody, each with the reason; `reason`, on this machine
    or with a key: why no engine starts, or why the queue was paused by itself.
    """

    stopped: dict[str, str]
    reason: str | None = None


class Operations:
    """`is_ready`: an engine is warm and work is taken; `problem`: why nothing is made, where that
    is known; `stopped`: as `Readiness` tells it.
    """

    def __init__(
        self,
        identity: Identity,
        metrics: Metrics,
        is_ready: Callable[[], bool],
        problem: Callable[[], str | None],
        stopped: Mapping[str, str],
    ) -> None:
        self._identity = identity
        self._metrics = metrics
        self._is_ready = is_ready
        self._problem = problem
        self._stopped = stopped

    def router(self) -> APIRouter:
        router = APIRouter(tags=["operations"], responses=errors(405))
        router.add_api_route("/healthz", self.health, methods=["GET"])
        router.add_api_route(
            "/readyz",
            self.ready,
            methods=["GET"],
            response_model_exclude_none=True,
            responses={503: {"model": Readiness, "description": "Not yet."}},
        )
        router.add_api_route(
            "/metrics",
            self.metrics,
            methods=["GET"],
            response_class=PlainTextResponse,
            responses=errors(401),
        )
        return router

    async def health(self) -> Status:
        """The process answers."""
        return Status(status="ok")

    async def ready(self, request: Request, response: Response) -> Readiness:
        """200 once an engine is warm, also where a platform has stopped and the others serve.

        An operator's own pause is none of its business: requests are taken, and wait.
        """
        stopped, problem = dict(self._stopped), self._problem()
        if self._is_ready() and problem is None:
            return Readiness(status="ready", stopped=stopped)
        response.status_code = 503
        reason = problem if self._identity.may_look_inside(request) else None
        status = "paused" if self._is_ready() else "starting"
        return Readiness(status=status, stopped=stopped, reason=reason)

    async def metrics(self, request: Request) -> Response:
        """Prometheus text, for this machine or with a key."""
        if not self._identity.may_look_inside(request):
            return error_response(401, "From elsewhere the metrics need a key.", "no_key")
        return Response(generate_latest(self._metrics.registry), media_type=CONTENT_TYPE_LATEST)
