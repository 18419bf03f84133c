"""What /openapi.json says beyond what the routes say themselves: errors, bodies, kinds of files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from bot.platforms.web.assets import ASK_AGAIN, Packed, pack
from bot.platforms.web.film_body import FilmForm
from bot.platforms.web.form_fields import VideoForm
from bot.platforms.web.limits import limited
from bot.platforms.web.pictures import REFERENCES
from bot.platforms.web.request_body import VideoBody


class ErrorDetail(BaseModel):
    message: str
    type: str
    code: str
    param: str | None


class ErrorBody(BaseModel):
    error: ErrorDetail


Responses = dict[int | str, dict[str, Any]]

SCHEMAS = "#/components/schemas/{model}"


def errors(*statuses: int) -> Responses:
    """The described answers of these statuses, all of the one shape.

    By reference: FastAPI would build a validator for each of the two hundred, at every start.
    """
    reference = {"$ref": SCHEMAS.format(model=ErrorBody.__name__)}
    content = {"application/json": {"schema": reference}}
    return {status: {"content": content, "description": _MEANINGS[status]} for status in statuses}


_MEANINGS = {
    400: "Something about the request is not right.",
    401: "A key is needed.",
    403: "The request comes from another site, or its sender is blocked.",
    404: "There is no such video, or no file of it.",
    405: "Not a method of this resource.",
    408: "The body took too long to arrive.",
    409: "The key was used for other content, or the video is not finished.",
    413: "Too large.",
    415: "Not a picture that can be read.",
    416: "Not a range of this file.",
    429: "The caller's limit is reached; see Retry-After.",
    503: "The queue is full; see Retry-After.",
}


def files(*kinds: str) -> Responses:
    """A 200, and a 206 for ranges, with these content types."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {
        200: {"content": content, "description": "The file."},
        206: {"content": content, "description": "The range of it that was asked for."},
    }


def stream(meaning: str) -> Responses:
    event = {name: {"type": "string"} for name in ("event", "data", "id")}
    content = {"text/event-stream": {"schema": {"type": "object", "properties": event}}}
    return {200: {"content": content, "description": meaning}}


def create_body() -> dict[str, Any]:
    """The two forms in which `POST /v1/videos` takes its fields."""
    form, json_body = _described(FilmForm), _described(VideoBody)
    for name in REFERENCES:
        form["properties"][name] = {"type": "string", "format": "binary"}
    for name in ("keyframes", "scenes"):
        form["properties"][name] = {"type": "string", "description": "As in JSON, as its text."}
    _without_null(form)
    for body in (form, json_body):
        body["anyOf"] = [{"required": ["input_reference"]}, {"required": ["scenes"]}]
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": form},
                "application/json": {"schema": json_body},
            },
        }
    }


def changes_body() -> dict[str, Any]:
    """The changes that `remix` and `extend` take; no body at all changes nothing."""
    schema = _described(VideoForm)
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def model_body() -> dict[str, Any]:
    """For what changes nothing, and may be left to one model."""
    body = changes_body()
    schema = body["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"] = {"model": schema["properties"]["model"]}
    return body


def edit_body() -> dict[str, Any]:
    """The two forms in which `edits` and `extensions` take a video and what is to change."""
    json_body, form = (_described(VideoForm) for _ in range(2))
    by_id = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    json_body["properties"]["video"], json_body["required"] = by_id, ["video"]
    form["properties"]["video"] = {"type": "string", "format": "binary"}
    form["properties"]["video[id]"] = {"type": "string", "description": "In place of the file."}
    _without_null(form)
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": json_body},
                "multipart/form-data": {"schema": form},
            },
        }
    }


def clip_body() -> dict[str, Any]:
    """A clip as a file."""
    video = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"video": video}, "required": ["video"]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}}}


def _described(body: type[BaseModel]) -> dict[str, Any]:
    return deepcopy(_inline_schema(body))


@cache
def _inline_schema(body: type[BaseModel]) -> dict[str, Any]:
    return limited(_inlined(body.model_json_schema()))


def _without_null(form: dict[str, Any]) -> None:
    """A form has no null, only absence."""
    for name, field in form["properties"].items():
        if "anyOf" in field:
            [kind] = [one for one in field.pop("anyOf") if one != {"type": "null"}]
            form["properties"][name] = {**field, **kind}
            form["properties"][name].pop("default", None)


def without_422(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The description less FastAPI's own 422: wrong input is a 400 here."""
    original = app.openapi

    @cache
    def described() -> dict[str, Any]:
        whole = original()
        for operations in whole["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        schemas = whole.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas.update(_error_schemas())
        return whole

    return described


def _error_schemas() -> dict[str, Any]:
    """What `errors` refers to."""
    whole = ErrorBody.model_json_schema(ref_template=SCHEMAS)
    return {**whole.pop("$defs"), ErrorBody.__name__: whole}


def document(app: FastAPI) -> Callable[[Request], Awaitable[Response]]:
    """The description as bytes, written once and beside everything else: whoever asks again, and
    however many do at once, costs next to nothing."""

    def write() -> Packed:
        return pack(bytes(JSONResponse(app.openapi()).body))

    @cache
    def written() -> asyncio.Task[Packed]:
        return asyncio.create_task(asyncio.to_thread(write))

    async def answer(request: Request) -> Response:
        packed = await asyncio.shield(written())
        return packed.answer(request, "application/json", ASK_AGAIN)

    return answer


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """Put definitions where they are referred to: a body's own `$defs` cannot be reached."""
    definitions = schema.pop("$defs", {})

    def resolved(value: Any) -> Any:
        if isinstance(value, list):
            return [resolved(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        if reference := value.get("$ref"):
            return resolved(definitions[reference.rpartition("/")[2]])
        return {name: resolved(inner) for name, inner in value.items()}

    whole: dict[str, Any] = resolved(schema)
    return whole
