"""Whatever is sent: a 4xx with a sentence and a code, and a server that goes on."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>'
BAD_FIELDS = [
    ({"seconds": "nan"}, "seconds"),
    ({"seconds": "inf"}, "seconds"),
    ({"seconds": "-1"}, "seconds"),
    ({"seconds": "1e308"}, "seconds"),
    ({"seconds": "soon"}, "seconds"),
    ({"num_frames": "10"}, "num_frames"),
    ({"num_frames": "9" * 400}, "num_frames"),
    ({"num_frames": "9", "seconds": "4"}, "num_frames"),
    ({"fps": "0"}, "fps"),
    ({"size": "0x0"}, "size"),
    ({"size": "6400x64"}, "size"),
    ({"size": "9999999x64"}, "size"),
    ({"size": "big"}, "size"),
    ({"seed": "-2"}, "seed"),
    ({"seed": str(2**80)}, "seed"),
    ({"motion": "sideways"}, "motion"),
    ({"effect": "hurricane"}, "effect"),
    ({"guidance_scale": "3"}, "guidance_scale"),
    ({"guidance_scale": "nan"}, "guidance_scale"),
    ({"strength": "7"}, "strength"),
    ({"num_inference_steps": "50"}, "num_inference_steps"),
    ({"negative_prompt": "blurry"}, "negative_prompt"),
    ({"model": "gpt-7"}, "model"),
    ({"colour": "red"}, "colour"),
    ({"prompt": "x" * 100_000}, "prompt"),
]


def sentence(answer: httpx.Response) -> str:
    assert 400 <= answer.status_code < 500, answer.text
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "code", "param"}
    assert error["message"].endswith((".", "…"))
    assert "Traceback" not in answer.text
    return str(error["message"])


def post(http: httpx.Client, picture: bytes, **fields: str) -> httpx.Response:
    return http.post("/v1/videos", data=fields, files={"input_reference": ("p.png", picture)})


@pytest.mark.parametrize(("fields", "param"), BAD_FIELDS)
def test_a_wrong_option_is_named(
    http: httpx.Client, picture: bytes, fields: dict[str, str], param: str | None
) -> None:
    answer = post(http, picture, **fields)
    sentence(answer)
    assert answer.json()["error"]["param"] == param


def test_who_accepts_a_language_is_refused_in_it_with_the_same_code(http: httpx.Client) -> None:
    def refused(language: dict[str, str]) -> dict[str, str]:
        files = {"input_reference": ("p.png", b"<svg/>")}
        answer = http.post("/v1/videos", files=files, headers=language)
        assert answer.headers["Vary"] == "Accept-Language, Cookie"
        error: dict[str, str] = answer.json()["error"]
        return error

    english, german = refused({}), refused({"Accept-Language": "de-AT, en;q=0.5"})
    assert english["message"].startswith("That is an SVG drawing")
    assert german["message"].startswith("Das ist eine SVG-Zeichnung")
    assert english["code"] == german["code"] == "invalid_image"
    missing = http.get("/v1/videos/video_none", headers={"Accept-Language": "fr"})
    assert missing.json()["error"]["message"] == ("Ce clip n'existe pas, ou il a été supprimé.")


def test_control_characters_in_a_prompt_do_no_harm(http: httpx.Client, picture: bytes) -> None:
    prompt = "the\x00waves\x1b[31m roll\r\nin\u2028 \ud83c\udf0a"
    answer = http.post(
        "/v1/videos",
        data={"prompt": prompt.encode("utf-8", "surrogatepass"), "num_frames": "9"},
        files={"input_reference": ("p.png", picture)},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["prompt"].startswith("the waves [31m roll in")


@pytest.mark.parametrize(
    ("content", "status", "word"),
    [
        (b"", 415, "empty"),
        (b"hello", 415, "picture"),
        (SVG, 415, "SVG"),
        (b"%PDF-1.7 ...", 415, "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, 415, ""),
        (b"\xff" * 25_000_001, 413, "25 MB"),
    ],
)
def test_what_is_not_a_picture_is_refused_by_name(
    http: httpx.Client, content: bytes, status: int, word: str
) -> None:
    answer = post(http, content)
    assert answer.status_code == status
    assert word in sentence(answer)


def test_a_body_of_200_mb_is_refused_without_being_kept(server: Program) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="input_reference"; filename="p"\r\n\r\n'
        for _ in range(200):
            yield b"x" * 2**20

    with httpx.Client(base_url=server.url, timeout=60) as http:
        try:
            answer = http.post(
                "/v1/videos",
                content=endless(),
                headers={"Content-Type": "multipart/form-data; boundary=x"},
            )
        except httpx.TransportError:  # it may hang up while we still talk
            pass
        else:
            assert answer.status_code == 413
    inputs = list((server.data_dir / "inputs").iterdir())
    assert not [path for path in inputs if path.stat().st_size > 30 * 2**20]
    assert httpx.get(f"{server.url}/healthz").status_code == 200


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b'{"input_reference": 7}'),
        ("application/json", b'{"input_reference": {"image_url": "http://example.org/x.png"}}'),
        ("application/json", b'{"input_reference": {"image_url": "data:image/png;base64,%%%"}}'),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff\xfe"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        ("application/x-www-form-urlencoded", b"prompt=hi"),
        ("text/plain", b"animate this"),
        ("", b""),
    ],
)
def test_a_broken_body_gets_a_sentence(http: httpx.Client, kind: str, content: bytes) -> None:
    answer = http.post("/v1/videos", content=content, headers={"Content-Type": kind})
    assert "boundary" not in sentence(answer)


@pytest.mark.parametrize("length", [True, False])
def test_where_no_picture_is_taken_no_large_body_is_read(http: httpx.Client, length: bool) -> None:
    body = b'{"key": "' + b"x" * 100_000 + b'"}'
    kind = {"Content-Type": "application/json"}
    answer = http.post("/session", content=body if length else iter([body]), headers=kind)
    assert answer.status_code == 413
    assert "64 KB" in sentence(answer)


@pytest.mark.parametrize("name", ["input_reference", "end_reference"])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"file_id": "file-abc"}, "not taken by their id"),
        ({"url": "x", "b": 2}, "holds {url, b}"),
        (5, "holds 5"),
        (True, "holds true"),
        ("", 'holds ""'),
        ([1], "holds […]"),
        ({"image_url": 5}, "holds {image_url}"),
    ],
)
def test_what_stands_where_a_picture_should_be_is_said(
    http: httpx.Client, photograph_bytes: bytes, name: str, given: object, said: str
) -> None:
    url = f"data:image/png;base64,{base64.b64encode(photograph_bytes).decode()}"
    body = {"input_reference": {"image_url": url}, name: given}
    answer = http.post("/v1/videos", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, name)
    assert said in sentence(answer)
    assert "only:" not in sentence(answer)


@pytest.mark.parametrize("path", ["/v1/videos/video_none", "/v1/videos/%00", "/nothing", "/v1"])
def test_what_is_not_there_is_a_404(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    sentence(answer)


def test_a_wrong_method_and_a_wrong_limit_are_said(http: httpx.Client) -> None:
    assert http.put("/v1/videos").status_code == 405
    assert "limit" in sentence(http.get("/v1/videos", params={"limit": "many"}))
    assert sentence(http.get("/v1/videos", params={"limit": "0"}))


def test_other_sites_and_other_host_names_are_turned_away(
    http: httpx.Client, picture: bytes
) -> None:
    files = {"input_reference": ("p.png", picture)}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = http.post("/v1/videos", files=files, headers=headers)
        assert answer.status_code == 403
        sentence(answer)
    answer = http.get("/", headers={"Host": "rebound.example"})
    assert answer.status_code == 400
    sentence(answer)


def test_a_request_with_two_hosts_is_turned_away(http: httpx.Client) -> None:
    address = http.base_url.host, http.base_url.port
    with socket.create_connection(address, timeout=10) as connection:  # httpx sends none such
        connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


KEYS = '{"alice": "a-key-of-alices-own", "bob": "a-key-of-bobs-own-"}'


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    settings = {
        "PHOTOPLAY_WEB__API_KEYS": KEYS,
        "PHOTOPLAY_LIMITS__QUEUED_PER_USER": "100",
        "PHOTOPLAY_LIMITS__PER_HOUR": "2",
    }
    with Program(tmp_path_factory.mktemp("guarded") / "data", settings=settings) as running:
        yield running


def test_without_a_key_nothing_is_told(guarded: Program, picture: bytes) -> None:
    with httpx.Client(base_url=guarded.url) as http:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
            answer = http.get("/v1/videos", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            sentence(answer)
        assert http.post("/session", json={"key": "wrong"}).status_code == 401
        assert http.get("/").status_code == 200
        assert not http.cookies


def test_the_page_trades_a_key_for_its_cookie(guarded: Program) -> None:
    with httpx.Client(base_url=guarded.url) as http:
        answer = http.post("/session", json={"key": "a-key-of-alices-own"})
        assert answer.status_code == 204
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert "SameSite=strict" in answer.headers["set-cookie"]
        assert http.get("/v1/videos").status_code == 200
        [(name, stolen)] = http.cookies.items()
    with httpx.Client(base_url=guarded.url, cookies={name: stolen[:-2] + "xx"}) as http:
        assert http.get("/v1/videos").status_code == 401


def test_limits_count_and_say_when_the_next_is_free(
    guarded: Program, picture: bytes, tmp_path: Path
) -> None:
    bob = {"Authorization": "Bearer a-key-of-bobs-own-"}
    alice = {"Authorization": "Bearer a-key-of-alices-own"}
    with httpx.Client(base_url=guarded.url, headers=bob, timeout=60) as http:
        answers = [post(http, picture, num_frames="9", size="64x64") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert "hour" in sentence(answers[2])
        assert 3500 < int(answers[2].headers["retry-after"]) <= 3600
        video_id = answers[0].json()["id"]
        assert http.get(f"/v1/videos/{video_id}", headers=alice).status_code == 404
        assert http.post(f"/v1/videos/{video_id}/cancel", headers=alice).status_code == 404
    assert "a-key-of" not in guarded.log


def test_who_guesses_keys_is_turned_away_and_who_was_right_before_is_not(guarded: Program) -> None:
    with httpx.Client(base_url=guarded.url, timeout=30) as http:
        alice = {"Authorization": "Bearer a-key-of-alices-own"}
        assert http.get("/v1/videos", headers=alice).status_code == 200
        guess = {"Authorization": "Bearer a-guess-of-mallorys"}
        codes = [http.get("/v1/videos", headers=guess).status_code for _ in range(21)]
        assert set(codes[:-1]) <= {401, 429}
        answer = http.get("/v1/videos", headers=guess)
        assert answer.status_code == 429
        assert answer.headers["retry-after"]
        assert http.get("/v1/videos", headers=alice).status_code == 200
        assert "wrong_key" in guarded.log
        assert "a-guess-of-mallorys" not in guarded.log
