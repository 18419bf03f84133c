"""Joins clips in a process of its own, which alone reads them and the signer's key.

`python -m generation.media.joining.program` takes a `FilmOrder` as JSON on stdin, prints a `Clip`
or a `NotJoined` as JSON and exits with 0 or 1.
"""

from __future__ import annotations

import logging
import sys

from generation.errors import GenerationFailed
from generation.jobs import Clip
from generation.media.joining.child import ANSWER, ORDER, NotJoined
from generation.media.joining.join import join


def main() -> None:
    logging.basicConfig(stream=sys.stderr)
    order = ORDER.validate_json(sys.stdin.buffer.read())
    try:
        answer: Clip | NotJoined = join(
            order.scenes,
            order.target,
            order.style,
            order.recipe,
            thumbnail=order.thumbnail,
            signer=order.signer,
        )
    except (GenerationFailed, ValueError) as error:
        notes = getattr(error, "__notes__", [])
        answer = NotJoined(getattr(error, "code", ""), "; ".join((str(error), *notes)))
    sys.stdout.buffer.write(ANSWER.dump_json(answer))
    sys.exit(isinstance(answer, NotJoined))


if __name__ == "__main__":
    main()
