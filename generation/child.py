"""An engine's process: `python -m generation.child camera` serves one pipeline."""

from __future__ import annotations

import argparse
import logging
import sys

from generation.engine.host import Host, protocol_stdout
from generation.engine.pipeline import Pipeline
from generation.engine.wire import example_command
from generation.errors import Misconfigured
from generation.media.provenance import Signer, parse_signer


def serve(pipeline: Pipeline, signer: Signer | None = None) -> None:
    """Run a pipeline as an engine's child process on this process's stdin and stdout."""
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
    arguments = parser.parse_args()
    try:
        signer = _signer_of(arguments.sign)
        serve(_pipeline_of(arguments.pipeline, arguments.options), signer)
    except Misconfigured as error:
        sys.exit(error.message)


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
    from generation.pipelines.ltx.options import parse_options
    from generation.pipelines.ltx.pipeline import LtxPipeline

    try:
        return LtxPipeline(parse_options(options or ""))
    except ValueError:
        raise Misconfigured("--options has to be the JSON of LtxOptions.to_json().") from None


if __name__ == "__main__":
    main()
