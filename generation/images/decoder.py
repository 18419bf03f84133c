"""The child that meets foreign pictures, so that a flaw in an image library meets no secret.

It decodes one picture and ends: `python -P -m generation.images.decoder`, then a line on stdin
that says how many bytes follow, `{"bytes": 123456}`, and those. It knows no path, and confines
itself once its libraries are loaded, before it reads the first byte. The answers come as lines on
stdout, and the pixels as bytes after the line that announces them:

    {"ready": true}       the libraries are loaded
    {"started": true}     the request is here; whatever happens now is because of the picture
    {"picture": {"width", "height", "source_width", "source_height", "format", "missing"}}
                          then width · height · 3 bytes, RGB from the top left
 or {"invalid": {"reason", "facts"}}
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, BinaryIO

from generation.images.limits import MAX_BYTES, MEMORY_BYTES, SECONDS
from generation.images.pixels import Refusal, Upright, prepare, upright
from generation.sandbox.children import confine_decoder


def main(decode: Callable[[bytes], Upright] = upright) -> int:
    """Serve one request; every expected end is an answer, and exit 0."""
    answers = _own_stdout()
    sys.excepthook = _name_only
    warnings.simplefilter("ignore")  # about the file's oddities: of no use to anybody
    prepare()
    confine_decoder(memory=MEMORY_BYTES, seconds=SECONDS)
    _tell(answers, {"ready": True})
    data = _requested(sys.stdin.buffer)
    if data is None:
        return 0  # the parent has gone
    _tell(answers, {"started": True})
    try:
        picture = decode(data)
    except Refusal as refusal:
        refused = refusal.refused
        _tell(answers, {"invalid": {"reason": refused.reason, "facts": dict(refused.facts)}})
    else:
        _tell(answers, {"picture": _described(picture)})
        answers.write(picture.image.tobytes())
        answers.flush()
    return 0


def _requested(stdin: BinaryIO) -> bytes | None:
    line = stdin.readline()
    if not line:
        return None
    size = min(int(json.loads(line)["bytes"]), MAX_BYTES)
    data = stdin.read(size)
    return data if len(data) == size else None


def _described(picture: Upright) -> Mapping[str, Any]:
    return {
        "width": picture.image.width,
        "height": picture.image.height,
        "source_width": picture.source_width,
        "source_height": picture.source_height,
        "format": picture.format.value,
        "missing": picture.missing,
    }


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
