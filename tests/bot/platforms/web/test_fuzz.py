"""The API keeps what /openapi.json promises, whatever schemathesis makes of it."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.config import GenerationConfig
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from tests.bot.platforms.web.test_api import made
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

PROMISES = [
    not_a_server_error,  # not even 503: so few requests fill no queue
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.allow_header_conformance,
]
"""Rejection of "wrong" types is not among them: forms send numbers as text, so many are right."""

ENDLESS = "/v1/events"
"""A stream about every job the caller has, and will have."""

EXAMPLES = int(os.environ.get("PHOTOPLAY_FUZZ", "4"))
"""Of each operation; `make fuzz` tries more."""
EVERY = 1 if EXAMPLES > 4 else 4
"""Of the values at the edges, so many thousands, only one in some is tried in every run."""

STEADY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def document(server: Program) -> dict[str, Any]:
    described: dict[str, Any] = httpx.get(f"{server.url}/openapi.json").json()
    return described


@pytest.fixture
def video_id(http: httpx.Client, picture: bytes) -> str:
    """One that has ended: its stream of events ends at once, its content is there."""
    return str(made(http, picture, num_frames="9", size="64x64")["id"])


def operations(document: dict[str, Any], server: Program) -> Iterator[Any]:
    load_all_checks()
    schema = schemathesis.openapi.from_dict(document).exclude(path=ENDLESS)
    schema.config.update(base_url=server.url)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def ask(case: Any) -> None:
    case.call_and_validate(checks=PROMISES, timeout=20)


def ask_many(cases: Any) -> None:
    @STEADY
    @given(case=cases)
    def probe(case: Any) -> None:
        ask(case)

    probe()


def with_picture(case: Any, photograph: Path) -> Any:
    """The same words about a real picture, and a clip that is quickly made."""
    body = case.body
    if isinstance(body, dict) and "input_reference" in body:
        picture: Any = photograph.read_bytes()
        if case.media_type == "application/json":
            url = "data:image/png;base64," + base64.b64encode(picture).decode()
            picture = {"image_url": url}
        said = {name: value for name, value in body.items() if value is not None}
        said.pop("seconds", None)
        case.body = {**said, "input_reference": picture, "num_frames": 9, "size": "64x64"}
    return case


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            yield from nodes(inner)


def test_every_reference_in_the_description_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in {node["$ref"] for node in nodes(document) if "$ref" in node}:
        there: Any = document
        for name in reference.removeprefix("#/").split("/"):
            assert name in there, reference
            there = there[name]


def test_every_answer_is_described_with_its_content_type(document: dict[str, Any]) -> None:
    """What is not described is not checked either, by schemathesis or by anybody's client."""
    silent = []
    for path, operation in document["paths"].items():
        for method, known in operation.items():
            assert "422" not in known["responses"], "wrong input is a 400 here"
            for status, answer in known["responses"].items():
                if not answer.get("content"):
                    silent.append(f"{method.upper()} {path} {status}")
    assert silent == []


def test_a_wrong_method_is_told_the_right_ones(
    document: dict[str, Any], http: httpx.Client
) -> None:
    """An empty `Allow` would pass schemathesis' own check."""
    for path, operation in document["paths"].items():
        answer = http.request("PROPFIND", path.replace("{video_id}", "video_none"))
        allowed = set(answer.headers["allow"].replace(" ", "").split(","))
        known = {method.upper() for method in operation}
        known |= {"HEAD"} if "GET" in known else set()
        assert (answer.status_code, allowed) == (405, known)


def test_values_at_the_edges_get_a_documented_answer(
    document: dict[str, Any], server: Program, video_id: str
) -> None:
    for operation in operations(document, server):
        cases = operation.schema.iter_coverage_cases(
            operation,
            generation_modes=list(GenerationMode),
            generation_config=GenerationConfig(),
        )
        for case in islice(cases, 0, None, EVERY):
            if "video_id" in case.path_parameters and case.meta.generation.mode.is_positive:
                case.path_parameters["video_id"] = video_id
            ask(case)


def test_right_requests_get_a_documented_answer(
    document: dict[str, Any],
    server: Program,
    http: httpx.Client,
    picture: bytes,
    photograph: Path,
) -> None:
    for operation in operations(document, server):
        alive = made(http, picture, num_frames="9", size="64x64")["id"]
        about = {"video_id": alive} if "{video_id}" in operation.path else None
        about_it = operation.as_strategy(path_parameters=about)
        ask_many(operation.as_strategy() | about_it.map(lambda one: with_picture(one, photograph)))


def test_every_call_about_a_video_is_reached_alive(
    document: dict[str, Any], http: httpx.Client, picture: bytes
) -> None:
    """Fuzzed bodies may all be refused: here each call is made once as it is meant."""
    bodies: dict[str, dict[str, Any]] = {"patch": {"favorite": True}, "post": {}}
    refused = {
        "/v1/videos/{video_id}/upscale": 400,  # the camera engine cannot
        "/v1/videos/{video_id}/scenes/{number}/remix": 404,  # it is no film
    }
    for path, operation in document["paths"].items():
        if "{video_id}" not in path:
            continue
        for method in operation:
            alive = made(http, picture, num_frames="9", size="64x64")["id"]
            body = bodies.get(method)
            address = path.replace("{video_id}", alive).replace("{number}", "1")
            answer = http.request(method, address, json=body)
            assert answer.status_code == refused.get(path, 200), (method, path, answer.text)


def test_wrong_requests_get_a_documented_answer(document: dict[str, Any], server: Program) -> None:
    for operation in operations(document, server):
        if operation.path_parameters or operation.query or operation.body:
            ask_many(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
