"""An engine's process: `python -m generation.child camera` serves one pipeline.

With `--inputs` and `--clips` the camera's confines itself to these folders before it reads any
picture; a model's cannot, and only gains no new rights (`generation.sandbox.children`).
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from generation.engine.wire import example_command
from generation.errors import Misconfigured
from generation.media.provenance import Signer, parse_signer
from generation.sandbox.children import confine_engine
from generation.sandbox.engine_files import engine_files
from generation.sandbox.linux import allow_no_new_rights

if TYPE_CHECKING:
    from generation.engine.pipeline import Pipeline

BEHIND = 5
"""Steps of priority: on the processors that both need, whoever asks comes before who renders."""


def serve(pipeline: Pipeline, signer: Signer | None = None) -> None:
    """Run a pipeline as an engine's child process on this process's stdin and stdout."""
    from generation.engine.host import Host, protocol_stdout

    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    Host(pipeline, sys.stdin.buffer, protocol_stdout(), signer).run()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m generation.child",
        description="Serve one pipeline: a JSON command a line on stdin, reports on stdout.",
        epilog=f"By hand: type this line (with files of yours), watch the reports, end with Ctrl-D."
        f"\n\n{example_command()}\n\nTo cancel it:\n\n"
        '{"type":"cancel","job":"by-hand","attempt":1}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("pipeline", choices=["camera", "ltx"])
    parser.add_argument("--options", metavar="JSON", help="what the operator decided about ltx")
    parser.add_argument("--sign", metavar="JSON", help="who signs the clips")
    parser.add_argument("--inputs", metavar="FOLDER", type=Path, help="all pictures lie in it")
    parser.add_argument("--clips", metavar="FOLDER", type=Path, help="all clips are written to it")
    arguments = parser.parse_args()
    if arguments.pipeline == "camera":  # a graphics card would wait for its process
        os.nice(BEHIND)
    try:
        signer = _signer_of(arguments.sign)
        _confine(arguments, signer)
        serve(_pipeline_of(arguments.pipeline, arguments.options), signer)
    except Misconfigured as error:
        sys.exit(error.message)


def _confine(arguments: argparse.Namespace, signer: Signer | None) -> None:
    """While there is one thread: libraries of numbers begin others, which would not be held."""
    allow_no_new_rights()
    if arguments.pipeline == "camera" and arguments.inputs and arguments.clips:
        keys = () if signer is None else (signer.certificate, signer.private_key)
        connect = signer is not None and signer.timestamp_url is not None
        files = engine_files(arguments.inputs, arguments.clips, keys, connect=connect)
        confine_engine(files, connect=connect, parent=os.getppid())


def _signer_of(text: str | None) -> Signer | None:
    """Raises `Misconfigured`."""
    try:
        return None if text is None else parse_signer(text)
    except ValueError:
        raise Misconfigured("--sign has to be the JSON of Signer.to_json().") from None


def _pipeline_of(name: str, options: str | None) -> Pipeline:
    """Raises `Misconfigured`."""
    if name == "camera":
        from generation.pipelines.camera.pipeline import CameraPipeline

        return CameraPipeline()
    from generation.pipelines.camera.ends import ends
    from generation.pipelines.ltx.card_choice import chosen_here
    from generation.pipelines.ltx.options import parse_options
    from generation.pipelines.ltx.pipeline import LtxPipeline

    try:
        decided = chosen_here(parse_options(options or ""))
        return LtxPipeline(decided, ends if decided.camera_guides else None)
    except ValueError:
        raise Misconfigured("--options has to be the JSON of LtxOptions.to_json().") from None


if __name__ == "__main__":
    main()
