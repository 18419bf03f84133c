"""Output that never ends in a traceback: a terminal without our signs, a disk that is full."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from bot.language.catalogue import Catalogue, load_texts
from generation.system_words import system_words

ERRORS = "photoplay.plain"

PLAIN = {
    "\u202f": " ",
    "→": "->",
    "✓": "+",
    "✗": "x",
    "–": "-",
    "—": "-",
    "…": "...",
    "’": "'",
    "×": "x",
}
"""What our sentences use, for terminals that know latin-1 or less."""

ASCII = "photoplay-ascii"
"""The same as ASCII under a name of ours: click writes UTF-8 to whatever is called ASCII."""


def _codec_of(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != ASCII:
        return None
    plain = codecs.lookup("ascii")
    return codecs.CodecInfo(
        name=ASCII,
        encode=plain.encode,
        decode=plain.decode,
        incrementalencoder=plain.incrementalencoder,
        incrementaldecoder=plain.incrementaldecoder,
        streamreader=plain.streamreader,
        streamwriter=plain.streamwriter,
    )


def _is_ascii(stream: TextIO) -> bool:
    return codecs.lookup(stream.encoding or "utf-8").name == "ascii"


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(PLAIN.get(sign, "?") for sign in signs), error.end


@contextlib.contextmanager
def plain_endings() -> Iterator[None]:
    """Inside, every sign can be written; a stream that takes nothing any more ends with exit 1."""
    codecs.register_error(ERRORS, _plainly)
    codecs.register(_codec_of)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = ASCII if _is_ascii(stream) else None
            stream.reconfigure(encoding=encoding, errors=ERRORS)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        _give_up(sys.stdout)
        sys.exit(1)
    except OSError as error:
        _give_up(sys.stdout)
        with contextlib.suppress(OSError):
            sys.stderr.write(f"photoplay: The output cannot be written: {system_words(error)}.\n")
            sys.stderr.flush()
        sys.exit(1)


def terminal_catalogue() -> Catalogue:
    """The terminal's language, or English where the terminal cannot show that one's letters."""
    texts = load_texts()
    catalogue = texts.of_environment(os.environ)
    encodings = {stream.encoding or "utf-8" for stream in (sys.stdout, sys.stderr)}
    return catalogue if all(_can_show(catalogue, one) for one in encodings) else texts.of(None)


def _can_show(catalogue: Catalogue, encoding: str) -> bool:
    """Signs have a plain form; letters have none."""
    said = "".join(catalogue.sentence(key) for key in catalogue.keys if key.startswith("cli."))
    letters = "".join({sign for sign in said if sign.isalpha()})
    return letters.encode(encoding, "ignore").decode(encoding, "ignore") == letters


def _give_up(stream: TextIO) -> None:
    """What is still in its buffer goes nowhere, or Python would try again at its own end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
