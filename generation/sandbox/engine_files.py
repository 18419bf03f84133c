"""The files that the camera engine's process works with: its code, the pictures and the clips."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from generation.media.ffmpeg_program import ffmpeg_program
from generation.sandbox.landlock import FILL, READ, RUN

CODE = Path(__file__).parents[1]

CERTIFICATES = ("/etc/ssl", "/etc/pki", "/etc/ca-certificates")
NAME_SERVICE = (
    *("/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf"),
    "/run/systemd/resolve",
)


def engine_files(
    inputs: Path, clips: Path, keys: Sequence[Path], *, connect: bool
) -> Iterator[tuple[Path, int]]:
    """All others are refused, above all the database, the secret and the settings.

    `keys` are what it signs with; with `connect` it finds servers by their names and trusts them.
    """
    yield from ((path, RUN) for path in _code())
    yield inputs, READ
    yield clips, FILL
    yield hub_cache(os.environ), READ
    yield Path("/proc/self"), READ
    yield from ((path, READ) for path in keys)
    if connect:
        yield from ((Path(path), READ) for path in (*CERTIFICATES, *NAME_SERVICE))


def _code() -> Iterable[Path]:
    """Not the folder that `generation` lies in: in a clone that has settings beside it."""
    python = Path(sys.executable)
    known = sysconfig.get_paths()
    libraries = {Path(known[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    others = {Path(path) for path in sys.path if path} - {CODE.parent}
    python_files = {python, python.resolve(), python.parents[1] / "pyvenv.cfg"}
    base = Path(sys.base_prefix) / "lib"
    return {CODE, *libraries, *others, *python_files, base, *_encoder()}


def _encoder() -> Iterator[Path]:
    """Where it is killed whenever it is asked, so does this process: the next one may have one."""
    with suppress(RuntimeError):  # there is none, which the first clip says in its own words
        yield Path(ffmpeg_program())


def hub_cache(environ: Mapping[str, str]) -> Path:
    """Where the depth model may lie; beside this folder lies the token of its owner."""
    if hub := environ.get("HF_HUB_CACHE"):
        return Path(hub)
    cache = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(environ.get("HF_HOME") or Path(cache) / "huggingface") / "hub"
