"""What HTTP asks of everybody: HEAD, 304, ranges, errors of one shape, cookies that are ours."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.bot.platforms.web.test_api import made
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

FROM_THE_ROOT = re.compile(r"""["'`]/(?:v1|static|words|session|docs|openapi)\b""")

SECURITY = ("content-security-policy", "x-content-type-options", "referrer-policy")


@pytest.fixture(scope="module")
def video(server: Program, photograph_bytes: bytes) -> dict[str, Any]:
    with httpx.Client(base_url=server.url, timeout=60) as http:
        return made(http, photograph_bytes, num_frames="9", size="64x64")


def paths(video_id: str) -> list[str]:
    own = f"/v1/videos/{video_id}"
    pictures = [
        f"{own}/content?variant={one}"
        for one in ("video", "thumbnail", "spritesheet", "source", "poster")
    ]
    known = ["/v1/videos", own, "/v1/models", "/v1/models/auto", "/openapi.json"]
    return [
        "/manifest.webmanifest",
        "/sw.js",
        "/docs",
        "/static/app.js",
        *known,
        *pictures,
        "/",
    ]  # whose cookie is another asker


def test_head_is_the_head_of_get_everywhere(http: httpx.Client, video: dict[str, Any]) -> None:
    events = f"/v1/videos/{video['id']}/events"
    for path in (events, "/v1/events"):  # nobody knows how long they become
        head = http.head(path)
        assert head.headers["content-type"].startswith("text/event-stream")
        assert "content-length" not in head.headers
    for path in ["/healthz", "/readyz", events, *paths(video["id"])]:
        whole, head = http.get(path), http.head(path)
        assert (whole.status_code, head.status_code, head.content) == (200, 200, b""), path
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == whole.headers.get(name) or path == events, (path, name)
    for path in ("/v1/videos/video_none", "/nothing"):
        assert http.head(path).status_code == 404
    refused = http.head("/session")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST, DELETE")


def test_who_has_it_already_is_told_so_in_a_head(http: httpx.Client, video: dict[str, Any]) -> None:
    for path in paths(video["id"]):
        first = http.get(path)
        for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
            again = http.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b""), path
            assert "content-type" not in again.headers
        assert http.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_file_that_has_not_changed_since_is_not_sent_again(
    http: httpx.Client, video: dict[str, Any]
) -> None:
    path = f"/v1/videos/{video['id']}/content"
    since = {"If-Modified-Since": formatdate(usegmt=True)}
    assert http.get(path, headers=since).status_code == 304
    for before in (formatdate(0, usegmt=True), "yesterday"):
        assert http.get(path, headers={"If-Modified-Since": before}).status_code == 200


@pytest.mark.parametrize("asked", ["pages=1-2", "bytes=5-2", "bytes=a-b", "bytes", "bytes=", ""])
def test_a_range_that_is_none_is_ignored(
    http: httpx.Client, video: dict[str, Any], asked: str
) -> None:
    path = f"/v1/videos/{video['id']}/content"
    answer = http.get(path, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, http.get(path).content)


def test_a_range_beyond_the_end_is_refused_in_the_usual_shape(
    http: httpx.Client, video: dict[str, Any]
) -> None:
    path = f"/v1/videos/{video['id']}/content"
    answer = http.get(path, headers={"Range": "bytes=999999999-"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (416, "bad_range")
    assert answer.headers["content-range"] == f"bytes */{len(http.get(path).content)}"
    assert http.head(path, headers={"Range": "bytes=999999999-"}).status_code == 416


def test_every_refusal_has_the_one_shape_and_the_security_headers(http: httpx.Client) -> None:
    answers = [
        http.get("/", headers={"Host": "rebound.example"}),
        http.post("/v1/videos", headers={"Origin": "https://evil.example"}),
        http.get("/nothing"),
        http.get("/static/nothing.js"),
        http.put("/v1/videos"),
        http.get("/v1/videos?limit=0"),
    ]
    assert [one.status_code for one in answers] == [400, 403, 404, 404, 405, 400]
    for answer in answers:
        assert set(answer.json()["error"]) == {"message", "type", "code", "param"}
        assert all(name in answer.headers for name in SECURITY), answer.headers


def test_what_is_not_http_is_refused_in_the_same_shape(server: Program) -> None:
    told = said(server, b"HELLO\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 400")
    assert b'{"error":{"message":' in told
    assert b"content-security-policy: " in told


def said(server: Program, request: bytes) -> bytes:
    """Everything that comes back until the other side hangs up."""
    host, port = httpx.URL(server.url).host, httpx.URL(server.url).port
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(request)
        told = b""
        while chunk := connection.recv(4096):
            told += chunk
        return told


def test_a_body_that_is_too_large_closes_its_socket_before_it_is_sent(server: Program) -> None:
    head = b"POST /v1/videos HTTP/1.1\r\nhost: localhost\r\ncontent-length: 999999999\r\n\r\n"
    began = time.monotonic()
    told = said(server, head + b"x" * 1000)
    assert told.startswith(b"HTTP/1.1 413")
    assert b'{"error":{"message"' in told
    assert b"content-security-policy: " in told
    assert time.monotonic() - began < 5


def test_the_browser_itself_is_believed_about_where_a_fetch_comes_from(
    http: httpx.Client, video: dict[str, Any]
) -> None:
    path, proxied = f"/v1/videos/{video['id']}/cancel", {"Origin": "https://clips.example.org"}
    refused = http.post(path, headers=proxied)
    assert refused.status_code == 403
    assert "web.public_url" in refused.json()["error"]["message"]
    same = {**proxied, "Sec-Fetch-Site": "same-origin"}
    assert http.post(path, headers=same).status_code == 200


def test_a_forged_cookie_is_nobody_and_the_page_gives_a_new_one(server: Program) -> None:
    with httpx.Client(base_url=server.url) as browser:
        port = httpx.URL(server.url).port
        assert list(browser.get("/").cookies) == [f"photoplay-{port}"]
        forged = {"Cookie": f"photoplay-{port}=forged"}
    refused = httpx.get(f"{server.url}/v1/videos", headers=forged)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unknown_cookie")
    assert "reload the page" in refused.json()["error"]["message"]
    assert httpx.get(f"{server.url}/", headers=forged).cookies


def test_opening_the_page_renews_the_cookie_of_the_same_browser(
    server: Program, picture: bytes
) -> None:
    with httpx.Client(base_url=server.url) as browser:
        browser.get("/")
        mine = made(browser, picture, num_frames="9", size="64x64")["id"]
        [(name, value)] = browser.cookies.items()
        earlier = {"Cookie": f"photoplay={value}"}  # as it was called before ports were told apart
        renewed = httpx.get(f"{server.url}/", headers=earlier)
        assert "Max-Age=2592000" in renewed.headers["set-cookie"]
        assert list(renewed.cookies) == [name]
    for cookies in (earlier, {"Cookie": f"{name}={renewed.cookies[name]}"}):
        assert httpx.get(f"{server.url}/v1/videos/{mine}", headers=cookies).status_code == 200


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    settings = {
        "PHOTOPLAY_WEB__API_KEYS": '{"alice": "a-key-of-alices-own"}',
        "PHOTOPLAY_WEB__PUBLIC_URL": "https://clips.example.org/photo",
    }
    with Program(tmp_path_factory.mktemp("below") / "data", settings=settings) as running:
        yield running


@pytest.mark.slow
def test_below_a_path_everything_is_found_however_the_proxy_passes_it_on(below: Program) -> None:
    key = {"Authorization": "Bearer a-key-of-alices-own"}
    with httpx.Client(base_url=below.url, headers=key) as http:
        for prefix in ("", "/photo"):
            for path in ("/", "/static/app.js", "/v1/videos", "/healthz"):
                assert http.get(prefix + path).status_code == 200, prefix + path
        bare = http.get("/photo")
        assert (bare.status_code, bare.headers["location"]) == (308, "/photo/")
        assert http.get("/photographs").status_code == 404
        described = http.get("/openapi.json").json()
        assert described["servers"] == [{"url": "/photo"}]


def test_the_page_names_nothing_from_the_root_of_its_host() -> None:
    static = Path(__file__).parents[4] / "bot/platforms/web/static"
    for path in (*static.glob("*.js"), *static.glob("*.html")):
        assert FROM_THE_ROOT.findall(path.read_text()) == [], path.name
