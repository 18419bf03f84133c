"""Forms as they come in: fields and files, of which the large ones go to the disk at once."""

from __future__ import annotations

from collections.abc import AsyncIterable

from python_multipart import MultipartParser, QuerystringParser
from python_multipart.decoders import Base64Decoder, QuotedPrintableDecoder
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from bot.platforms.web.data_urls import SPACE
from bot.platforms.web.fields import FieldContent, File, Spelling, Text
from bot.submission.uploads import IncomingUpload
from generation.errors import ImageTooLarge, UnsupportedOption
from generation.images.intake import check_bytes

CLIPS = (b"video",)
"""The only files that are no pictures, which end the reading as soon as they are too large."""

MOST_FILES = 12
MOST_FIELDS = 40
MOST_NAME = 1000
"""Bytes of a field's name."""


AS_IT_IS = ("", "7bit", "8bit", "binary")
"""Encodings on the way that change nothing; mail's other two are undone."""

Value = File | Text | str


class _FormPart:
    def __init__(self, upload: IncomingUpload) -> None:
        self.name = bytearray()
        self.is_file = False
        self.content = FieldContent(upload)
        self._decoder: Base64Decoder | QuotedPrintableDecoder | None = None

    def encoded(self, encoding: str) -> None:
        if encoding == "base64":
            self._decoder = Base64Decoder(self)
        elif encoding == "quoted-printable":
            self._decoder = QuotedPrintableDecoder(self)
        elif encoding not in AS_IT_IS:
            raise UnsupportedOption("form", "body")

    def add(self, piece: bytes) -> None:
        match self._decoder:
            case None:
                self.write(piece)
            case Base64Decoder():
                self._decoder.write(piece.translate(None, SPACE))
            case QuotedPrintableDecoder():
                self._decoder.write(piece)

    def write(self, piece: bytes) -> None:
        """What a decoder calls with what was meant."""
        self.content.add(piece)

    def end(self) -> None:
        """Raises `FormParserError` where the end of what was encoded is missing."""
        if self._decoder is not None:
            self._decoder.finalize()

    async def read(self, spelling: Spelling) -> tuple[str, Value]:
        content, head = await self.content.finish(), bytes(self.content.head)
        name = str(Text(bytes(self.name), spelling, bytes(self.name)))
        if self.is_file:
            return name, File(content)
        text = Text(content, spelling, head)
        return name, text if text.is_long or text.is_binary else str(text)


class _FormReader:
    """What the parsers call while they read."""

    def __init__(self, upload: IncomingUpload) -> None:
        self._upload = upload
        self.parts: list[_FormPart] = []
        self._header = bytearray()
        self._value = bytearray()
        self.is_whole = False

    def begin(self) -> None:
        self.parts.append(_FormPart(self._upload))
        self._count()

    def _count(self) -> None:
        files = sum(part.is_file for part in self.parts)
        if files > MOST_FILES or len(self.parts) - files > MOST_FIELDS:
            raise UnsupportedOption("form", "body")

    def name(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].name += data[start:end]
        if len(self.parts[-1].name) > MOST_NAME:
            raise UnsupportedOption("form", "body")

    def data(self, data: bytes, start: int, end: int) -> None:
        part = self.parts[-1]
        part.add(data[start:end])
        if part.is_file and part.name not in CLIPS:
            _check_size(part)

    def header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            options = parse_options_header(bytes(self._value))[1]
            self.parts[-1].name += options.get(b"name", b"")
            self.parts[-1].is_file = b"filename" in options
        elif self._header.lower() == b"content-transfer-encoding":
            self.parts[-1].encoded(self._value.decode("latin-1").strip().lower())
        self._header.clear()
        self._value.clear()

    def headers_end(self) -> None:
        if not self.parts[-1].name:
            raise UnsupportedOption("form", "body")
        self._count()

    def part_end(self) -> None:
        self.parts[-1].end()

    def end(self) -> None:
        self.is_whole = True

    async def flush(self) -> None:
        for part in self.parts:
            await part.content.flush(whole=part is not self.parts[-1])


async def read_form(
    content_type: str, body: AsyncIterable[bytes], upload: IncomingUpload
) -> list[tuple[str, Value]]:
    """Fields by name, in their order.

    Raises `UnsupportedOption` for what is no form, `ImageTooLarge` for a file that is."""
    form = _FormReader(upload)
    try:
        spelling, parser = _parser(content_type, form)
        async for piece in body:
            parser.write(piece)
            await form.flush()
        parser.finalize()
    except FormParserError:
        raise UnsupportedOption("form", "body") from None
    if isinstance(parser, MultipartParser) and form.parts and not form.is_whole:
        raise UnsupportedOption("form_cut_off", "body")
    return [await part.read(spelling) for part in form.parts]


def _parser(
    content_type: str, form: _FormReader
) -> tuple[Spelling, MultipartParser | QuerystringParser]:
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        return Spelling.URL, QuerystringParser(
            {
                "on_field_start": form.begin,
                "on_field_name": form.name,
                "on_field_data": form.data,
            }
        )
    if not options.get(b"boundary"):
        raise UnsupportedOption("form", "body")
    return Spelling.PLAIN, MultipartParser(
        options[b"boundary"],
        {
            "on_part_begin": form.begin,
            "on_part_data": form.data,
            "on_part_end": form.part_end,
            "on_header_field": form.header,
            "on_header_value": form.value,
            "on_header_end": form.header_end,
            "on_headers_finished": form.headers_end,
            "on_end": form.end,
        },
    )


def _check_size(part: _FormPart) -> None:
    try:
        check_bytes(part.content.size)
    except ImageTooLarge as error:
        error.param = part.name.decode(errors="replace")
        raise
