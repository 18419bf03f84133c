"""Bodies are read as they come, in whatever pieces, and what is large in them goes to the disk."""

from __future__ import annotations

import base64
import json
import quopri
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote_plus

import anyio
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from bot.platforms.web.body_pieces import BodyPace
from bot.platforms.web.request_body import Posted, Reader
from bot.submission.uploads import IncomingUpload, Uploads
from generation.errors import ImageTooLarge, InvalidImage, UnsupportedOption
from tests.bot.submission.test_uploads import workspace

pytestmark = pytest.mark.slow

SMALL, LARGE = bytes(range(256)) * 4, bytes(range(256)) * 1024
FORM = "multipart/form-data; boundary=x"


@asynccontextmanager
async def uploading(folder: Path) -> AsyncGenerator[IncomingUpload]:
    async with Uploads(workspace(folder)).begun("web:ann") as upload:
        yield upload


def request(kind: str, body: bytes, piece: int) -> Request:
    """One whose body comes in such pieces."""
    pieces = [body[at : at + piece] for at in range(0, len(body), piece)]

    async def receive() -> Message:
        more = len(pieces) > 1
        return {"type": "http.request", "body": pieces.pop(0) if pieces else b"", "more_body": more}

    headers = [(b"content-type", kind.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


async def clip_of(reader: Reader, asked: Request, upload: IncomingUpload) -> Posted:
    posted = await reader.read(asked, upload)
    assert isinstance(posted, Posted)
    return posted


def content(picture: bytes | Path | None) -> bytes | None:
    return picture.read_bytes() if isinstance(picture, Path) else picture


def part(name: str, value: bytes, *, file: bool = False, encoding: str = "") -> bytes:
    named = f'; filename="{name}.png"' if file else ""
    said = f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"{named}\r\n{said}\r\n'
    return head.encode() + value + b"\r\n"


def url(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def bodies(picture: bytes) -> dict[str, tuple[str, bytes]]:
    """Every way to post a picture with the words `the "sea" é`."""
    words, said = 'the "sea" é', url(picture)
    lines = "\n".join(said[at : at + 76] for at in range(0, len(said), 76))
    of = json.dumps({"input_reference": {"image_url": said}, "prompt": words}).encode()
    prompt, end = part("prompt", words.encode()), b"--x--\r\n"
    field = "input_reference[image_url]"
    return {
        "file": (FORM, part("input_reference", picture, file=True) + prompt + end),
        **encoded_on_the_way(picture, prompt + end),
        "file without a name": (FORM, prompt + part("input_reference", picture) + end),
        "url in a form": (FORM, part(field, lines.encode()) + prompt + end),
        "url in a plain form": (
            "application/x-www-form-urlencoded",
            f"prompt={quote_plus(words)}&input_reference={quote_plus(lines)}".encode(),
        ),
        "json": ("application/json", of),
        "json with escapes": (
            "application/json; charset=utf-8",
            of.replace(b"/", rb"\/").replace(b"+", rb"\u002B").replace(b"=", rb"\u003d"),
        ),
    }


def encoded_on_the_way(picture: bytes, rest: bytes) -> dict[str, tuple[str, bytes]]:
    """As mail writes it, which some clients still do."""
    written = {
        "BASE64": base64.encodebytes(picture).replace(b"\n", b"\r\n"),
        "quoted-printable": quopri.encodestring(picture, quotetabs=True),
        "binary": picture,
    }
    return {
        f"file as {name}": (FORM, part("input_reference", text, file=True, encoding=name) + rest)
        for name, text in written.items()
    }


@pytest.mark.parametrize("piece", [97, 65_536, 10**9])
@pytest.mark.parametrize("picture", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("way", bodies(b""))
async def test_a_picture_arrives_as_it_was_however_it_is_sent(
    way: str, picture: bytes, piece: int, tmp_path: Path
) -> None:
    kind, body = bodies(picture)[way]
    async with uploading(tmp_path) as upload:
        posted = await clip_of(Reader(), request(kind, body, piece), upload)
        assert content(posted.picture) == picture
        assert isinstance(posted.picture, Path) == (picture is LARGE)
        assert posted.form.prompt == 'the "sea" é'


async def posted(folder: Path, kind: str, body: bytes) -> Posted:
    async with uploading(folder) as upload:
        return await clip_of(Reader(), request(kind, body, 65_536), upload)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("bad", ["%%%%", "AAAA=AAA", "AAAAA"])
async def test_what_is_no_base64_is_refused_however_long_it_is(
    bad: str, large: bool, tmp_path: Path
) -> None:
    text = "data:image/png;base64," + "AAAA" * (10**5 if large else 1) + bad
    body = json.dumps({"end_reference": text, "input_reference": url(SMALL)}).encode()
    with pytest.raises(InvalidImage, match="not_base64") as refused:
        await posted(tmp_path, "application/json", body)
    assert refused.value.param == "end_reference"


async def test_long_text_that_is_no_picture_is_refused_where_it_stands(tmp_path: Path) -> None:
    for field, reason in (("input_reference", "not_a_data_url"), ("motion", "choice")):
        fields = {"input_reference": url(SMALL)} | {field: "x" * 200_000}
        with pytest.raises((InvalidImage, UnsupportedOption), match=reason):
            await posted(tmp_path, "application/json", json.dumps(fields).encode())


async def test_keyframes_come_as_a_list_and_as_its_text_in_a_form(tmp_path: Path) -> None:
    frames = [{"at": 0.5, "image": url(LARGE)}, {"at": 1, "image": url(SMALL)}]
    in_json = {"input_reference": url(SMALL), "keyframes": frames}
    in_form = part("input_reference", SMALL, file=True) + part(
        "keyframes", json.dumps(frames).encode()
    )
    for kind, body in (
        ("application/json", json.dumps(in_json).encode()),
        (FORM, in_form + b"--x--\r\n"),
    ):
        async with uploading(tmp_path) as upload:
            given = await clip_of(Reader(), request(kind, body, 65_536), upload)
            found = [(one.at, content(one.picture)) for one in given.extra.keyframes]
            assert found == [(0.5, LARGE), (1.0, SMALL)]


@pytest.mark.parametrize("body", [b"[" * 2**21, b"[{},", b'{"' + b'a":0,"' * 2**19, b'["' * 2**20])
async def test_brackets_without_end_are_refused_at_a_megabyte(body: bytes, tmp_path: Path) -> None:
    with pytest.raises((HTTPException, UnsupportedOption)):
        await posted(tmp_path, "application/json", body)


async def test_a_file_is_refused_as_soon_as_it_is_too_large_by_its_name(tmp_path: Path) -> None:
    async def endless() -> Message:
        return {"type": "http.request", "body": bytes(2**20), "more_body": True}

    head = request(FORM, part("end_reference", b"", file=True)[:-2], 10**9)
    first = await head.receive()
    messages: list[Message] = [{**first, "more_body": True}]

    async def receive() -> Message:
        return messages.pop() if messages else await endless()

    async with uploading(tmp_path) as upload:
        with pytest.raises(ImageTooLarge) as refused:
            await Reader().read(Request(head.scope, receive), upload)
        assert refused.value.param == "end_reference"


@pytest.mark.parametrize("files", [12, 13])
async def test_a_form_has_at_most_twelve_files(files: int, tmp_path: Path) -> None:
    body = b"".join(part(f"file{number}", b"x", file=True) for number in range(files))
    with pytest.raises(UnsupportedOption, match="form" if files == 13 else "no_picture"):
        await posted(tmp_path, FORM, body + b"--x--\r\n")


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (b"", "form_cut_off"),
        (b"--x", "form_cut_off"),
        (b"--x-", "form_cut_off"),
        (b"--x--", None),
        (b"--x--\r\nan epilogue", None),
    ],
)
async def test_a_form_without_its_end_was_cut_off(
    end: bytes, reason: str | None, tmp_path: Path
) -> None:
    body = part("prompt", b"the sea") + part("input_reference", SMALL, file=True) + end
    if reason is None:
        assert (await posted(tmp_path, FORM, body)).picture == SMALL
        return
    with pytest.raises(UnsupportedOption, match=reason):
        await posted(tmp_path, FORM, body)


@pytest.mark.parametrize(
    ("encoding", "text"), [("base64", b"AAAAA"), ("base64", b"A==="), ("x-uuencode", b"A")]
)
async def test_an_encoding_that_is_damaged_or_unknown_is_refused(
    encoding: str, text: bytes, tmp_path: Path
) -> None:
    body = part("input_reference", text, file=True, encoding=encoding) + b"--x--\r\n"
    with pytest.raises(UnsupportedOption, match="form"):
        await posted(tmp_path, FORM, body)


@pytest.mark.parametrize("pause", [10.0, 0.02])
async def test_a_body_that_is_silent_or_too_slow_is_ended(pause: float, tmp_path: Path) -> None:
    async def receive() -> Message:
        await anyio.sleep(pause)
        return {"type": "http.request", "body": b" ", "more_body": True}

    headers = [(b"content-type", b"application/json")]
    dawdling = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    async with uploading(tmp_path) as upload:
        with pytest.raises(HTTPException) as ended:
            await Reader(BodyPace(grace=0.2, rate=1000)).read(dawdling, upload)
    assert ended.value.status_code == 408


async def test_a_body_that_keeps_its_pace_may_take_longer_than_the_grace(tmp_path: Path) -> None:
    kind, body = bodies(SMALL)["file"]
    slow = request(kind, body, 60)
    whole = slow.receive

    async def receive() -> Message:
        await anyio.sleep(0.03)
        return await whole()

    async with uploading(tmp_path) as upload:
        reader = Reader(BodyPace(grace=0.4, rate=1000))
        given = await clip_of(reader, Request(slow.scope, receive), upload)
        assert content(given.picture) == SMALL
