"""A server on loopback that speaks the OpenAI Videos API as one program or another does.

What it makes, and when, the test says; what it was asked is kept. Videos survive a `vanish`, as a
program's do that writes them down, unless it is told to forget.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SUPPORTS = {
    "motions": ["auto", "pan-left", "pan-right"],
    "effects": ["auto", "none", "rain"],
    "options": ["negative_prompt", "num_inference_steps", "seed", "end_image", "loop", "boomerang"],
}
PHOTOPLAY = {
    "object": "list",
    "data": [
        {
            "id": "far-model",
            "object": "model",
            "owned_by": "photoplay",
            "supports": SUPPORTS,
            "defaults": {"fps": 24, "num_inference_steps": 8, "guidance_scale": None},
            "capacity": 1,
        }
    ],
}
KINDS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "photoplay": (PHOTOPLAY, {}),
    "vllm": ({"object": "list", "data": [{"id": "Wan-AI/Wan2.2", "owned_by": "vllm"}]}, {}),
    "sglang": ({"model_path": "Wan-AI/Wan2.1", "task_type": "I2V"}, {}),
    "litellm": (
        {"object": "list", "data": [{"id": "sora-2", "owned_by": "openai"}]},
        {"x-litellm-version": "1.95.0"},
    ),
}


@dataclass
class FarJob:
    """`fields` are the form it came with; files by their length."""

    id: str
    key: str | None
    fields: dict[str, Any]
    status: str = "queued"
    progress: int = 0
    error: dict[str, Any] | None = None
    wanted: bool = True


@dataclass
class VideosDouble:
    """`clip` is what every video is; `by_itself`: it makes them without being told, at once."""

    kind: str = "photoplay"
    clip: bytes = b""
    by_itself: bool = True
    steps: int = 4
    pause: float = 0.01
    key: str | None = None
    places: int = 1
    url: str = ""
    jobs: dict[str, FarJob] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    answers: list[web.Response] = field(default_factory=list)
    """What the next calls of `POST /v1/videos` are answered with instead."""
    told: dict[int, float] = field(default_factory=dict)
    """When each step was told of, by its number."""
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    tls: ssl.SSLContext | None = None
    _runner: web.AppRunner | None = None
    _port: int = 0

    async def appear(self) -> None:
        app = web.Application(client_max_size=2**26)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/models", self._models)
        app.router.add_post("/v1/videos", self._create)
        app.router.add_get("/v1/videos/{id}", self._look)
        app.router.add_delete("/v1/videos/{id}", self._delete)
        app.router.add_get("/v1/videos/{id}/content", self._content)
        if self.kind == "photoplay":
            app.router.add_get("/v1/videos/{id}/events", self._events)
            app.router.add_post("/v1/videos/{id}/cancel", self._cancel)
        self._runner = web.AppRunner(app, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(
            self._runner, "127.0.0.1", self._port, reuse_address=True, ssl_context=self.tls
        )
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{self._port}/v1"

    async def vanish(self, *, forget: bool = False) -> None:
        """Every connection breaks; with `forget` nothing that was asked is known afterwards."""
        assert self._runner is not None
        await self._runner.cleanup()
        if forget:
            self.jobs.clear()

    async def taken(self, count: int) -> list[FarJob]:
        """Once so many were asked for."""
        async with asyncio.timeout(30), self.moved:
            await self.moved.wait_for(lambda: len(self.jobs) >= count)
        return list(self.jobs.values())

    async def tell(self, job: FarJob, **changes: Any) -> None:
        for name, value in changes.items():
            vars(job)[name] = value
        async with self.moved:
            self.moved.notify_all()

    async def _models(self, request: web.Request) -> web.Response:
        if self.key is not None and request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": {"message": "no", "code": "bad_key"}}, status=401)
        body, headers = KINDS[self.kind]
        if self.kind == "photoplay":
            body = {**body, "data": [{**body["data"][0], "capacity": self.places}]}
        beside = request.path == "/models"
        if (self.kind == "sglang") is not beside:
            return web.json_response({"detail": "Not Found"}, status=404)
        return web.json_response(body, headers=headers)

    async def _create(self, request: web.Request) -> web.Response:
        self.calls["create"] += 1
        if self.answers:
            return self.answers.pop(0)
        if not request.content_type.startswith("multipart/"):
            return web.json_response({"detail": "multipart only"}, status=415)
        form = {
            name: len(value.file.read()) if isinstance(value, web.FileField) else value
            for name, value in (await request.post()).items()
        }
        key = request.headers.get("Idempotency-Key") if self.kind == "photoplay" else None
        known = [job for job in self.jobs.values() if key is not None and job.key == key]
        job = known[0] if known else FarJob(f"video_{len(self.jobs)}", key, form)
        self.jobs[job.id] = job
        await self.tell(job)
        return web.json_response(self._video(job))

    async def _look(self, request: web.Request) -> web.Response:
        job = self.jobs.get(request.match_info["id"])
        if job is None:
            return web.json_response({"error": {"message": "no such video"}}, status=404)
        self._advance(job)
        return web.json_response(self._video(job))

    def _advance(self, job: FarJob) -> None:
        """A server that is polled gets on between two looks."""
        if self.by_itself and self.kind != "photoplay" and job.status in {"queued", "in_progress"}:
            job.progress += 50
            job.status = "completed" if job.progress >= 100 else "in_progress"

    async def _events(self, request: web.Request) -> web.StreamResponse:
        job = self.jobs[request.match_info["id"]]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        slow = job.fields.get("prompt") == "slow"
        for step in range(1, self.steps * (10 if slow else 1) + 1):
            if not self.by_itself:
                async with self.moved:
                    await self.moved.wait_for(lambda: job.status not in {"queued", "in_progress"})
                break
            self.told[step] = time.perf_counter()
            facts = {"phase": "step", "step": step, "steps": self.steps, "eta_seconds": None}
            await response.write(f"event: progress\ndata: {json.dumps(facts)}\n\n".encode())
            await asyncio.sleep(0.05 if slow else self.pause)
        if self.by_itself and job.status in {"queued", "in_progress"}:
            job.status = "completed"
        await response.write(f"event: {job.status}\ndata: {{}}\n\n".encode())
        return response

    async def _cancel(self, request: web.Request) -> web.Response:
        self.calls["cancel"] += 1
        job = self.jobs[request.match_info["id"]]
        error = {"code": "cancelled", "message": "cancelled"}
        await self.tell(job, wanted=False, status="failed", error=error)
        return web.json_response(self._video(job))

    async def _delete(self, request: web.Request) -> web.Response:
        self.calls["delete"] += 1
        job = self.jobs.get(request.match_info["id"])
        if self.kind == "litellm" or job is None:
            return web.json_response({"detail": "Method Not Allowed"}, status=405)
        await self.tell(job, wanted=False)
        return web.json_response({"id": job.id, "deleted": True, "object": "video.deleted"})

    async def _content(self, request: web.Request) -> web.Response:
        variant = request.query.get("variant", "video")
        body = b"\xff\xd8 a small picture" if variant == "thumbnail" else self.clip
        return web.Response(body=body, content_type="video/mp4")

    def _video(self, job: FarJob) -> dict[str, Any]:
        status = "processing" if (self.kind, job.status) == ("litellm", "in_progress") else ""
        facts: dict[str, Any] = {"id": job.id, "object": "video", "status": status or job.status}
        if self.kind != "litellm":
            facts["progress"] = job.progress
        return {**facts, "error": job.error}


@asynccontextmanager
async def videos_double(
    kind: str = "photoplay",
    clip: bytes = b"",
    *,
    by_itself: bool = True,
    tls: ssl.SSLContext | None = None,
) -> AsyncGenerator[VideosDouble]:
    server = VideosDouble(kind, clip, by_itself, tls=tls)
    await server.appear()
    try:
        yield server
    finally:
        await server.vanish()
