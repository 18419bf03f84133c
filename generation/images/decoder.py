"""The child that meets foreign pictures, so that a flaw in an image library meets no secret.

It decodes one picture and ends: `python -I -m generation.images.decoder`, then a line on stdin
such as `{"source": "photo.jpg", "target": "photo.png"}`. It answers in lines on stdout:

    {"ready": true}       the libraries are loaded
    {"started": true}     the request is here; whatever happens now is because of the picture
    {"picture": {"width", "height", "source_width", "source_height", "format"}}
 or {"invalid": {"reason", "facts"}}
 or {"full": {}}          the disk has no room for the result
 or {"broken": {"reason"}} the source can't be read or the target not written
"""

from __future__ import annotations

import errno
import json
import os
import resource
import sys
import warnings
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final

from generation.images.limits import MAX_BYTES, MEMORY_BYTES, SECONDS
from generation.images.pixels import Refusal, prepare, upright

_DISK_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_MAX_OUTPUT_BYTES: Final = 64 << 20
"""The largest PNG is 2560 × 2560 × 3 bytes; more than that on the disk is a mistake or a trick."""


def decode(source: Path, target: Path) -> dict[str, Any]:
    """Write `source` as an upright RGB PNG to `target`, flushed to the disk; the answer's body.

    Raises `Refusal` for what is not a picture within the limits and `OSError` where a file can't
    be read or written.
    """
    with source.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    picture = upright(data)
    png = BytesIO()
    picture.image.save(png, "PNG", compress_level=1)
    _write(target, png.getbuffer())
    return {
        "width": picture.image.width,
        "height": picture.image.height,
        "source_width": picture.source_width,
        "source_height": picture.source_height,
        "format": picture.format.value,
    }


def main() -> int:
    """Serve one request; every expected end is an answer, and exit 0."""
    answers = _own_stdout()
    sys.excepthook = _name_only
    warnings.simplefilter("ignore")  # about the file's oddities: of no use to anybody
    os.umask(0o077)
    prepare()
    _confine()
    _tell(answers, {"ready": True})
    line = sys.stdin.buffer.readline()
    if not line:
        return 0  # the parent has gone
    request = json.loads(line)
    _tell(answers, {"started": True})
    _tell(answers, _answer(Path(request["source"]), Path(request["target"])))
    return 0


def _answer(source: Path, target: Path) -> Mapping[str, Any]:
    try:
        return {"picture": decode(source, target)}
    except Refusal as refusal:
        refused = refusal.refused
        return {"invalid": {"reason": refused.reason, "facts": dict(refused.facts)}}
    except OSError as error:
        if error.errno in _DISK_FULL:
            return {"full": {}}
        return {"broken": {"reason": type(error).__name__}}


def _write(target: Path, content: memoryview) -> None:
    with target.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _confine() -> None:
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, SECONDS)
    _limit(resource.RLIMIT_FSIZE, _MAX_OUTPUT_BYTES)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, value: int) -> None:
    """Lower a limit; one that is already lower stays."""
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _own_stdout() -> BinaryIO:
    """Keep the real stdout for answers, so that what a library prints can't be taken for one."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _tell(answers: BinaryIO, body: Mapping[str, Any]) -> None:
    answers.write(json.dumps(body).encode() + b"\n")
    answers.flush()


def _name_only(
    kind: type[BaseException], _error: BaseException, _trace: TracebackType | None
) -> None:
    """A bug of ours, or a file that broke a library in a new way: say which, show no contents."""
    sys.stderr.write(f"decoder ended with {kind.__name__}\n")


if __name__ == "__main__":
    sys.exit(main())
