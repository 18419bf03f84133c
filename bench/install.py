"""What an installation takes: megabytes of the plain one and of each extra, seconds to the page.

`python bench/install.py [EXTRA …]`: each extra goes on top of a copy of the plain venv, with the
newest versions that pip finds and allows (`PIP_CONSTRAINT` holds one back); which build of torch
`ltx` and `depth` got is said. Without arguments, only what is small. It needs the network. What
every new venv of this Python has (pip, up to 3.11 setuptools) is said apart and is in no figure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
SMALL = ("c2pa", "test-core")
READY = re.compile(r"photoplay is ready")
LARGEST = 8
"""Packages of the plain installation that are named, with their share."""

GOAL = 550
"""Megabytes that the plain installation is to stay under; docs/decisions/0026-one-ffmpeg.md."""


def main() -> None:
    extras = sys.argv[1:] or SMALL
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = folder / "plain"
        before, bare = empty(plain), megabytes(plain)
        install(plain, "")
        whole = megabytes(plain)
        print(f"plain install: {whole - bare} MB (goal: under {GOAL})")
        print(f"  largest: {named(sizes(plain) - before)}")
        print(f"  every venv of Python {sys.version.split()[0]} has: {named(before)}", flush=True)
        for extra in extras:
            more = megabytes(with_extra(plain, folder / extra, extra)) - whole
            print(f"extra {extra}: {more} MB more{torch_of(folder / extra)}", flush=True)
            shutil.rmtree(folder / extra)
        print(f"from a clone to the page, `make run`: {seconds_to_ready(folder):.0f} s")


def install(venv: Path, extra: str) -> None:
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", f"{ROOT}{extra}"], check=True, stderr=subprocess.DEVNULL)


def with_extra(plain: Path, venv: Path, extra: str) -> Path:
    """The plain venv once more, its files shared on the disk, and the extra."""
    shutil.copytree(plain, venv, symlinks=True, copy_function=os.link)
    install(venv, f"[{extra}]")
    return venv


def megabytes(folder: Path) -> int:
    """As the disk counts them."""
    files = (path.lstat() for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return round(sum(one.st_blocks * 512 for one in files) / 1e6)


def packages(venv: Path) -> Path:
    [found] = venv.glob("lib/python*/site-packages")
    return found


def empty(venv: Path) -> Counter[str]:
    """A new venv, and what lies in it, once its pip has run."""
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "list"]
    subprocess.run(pip, check=True, capture_output=True)
    return sizes(venv)


def sizes(venv: Path) -> Counter[str]:
    """By package; OpenCV's libraries lie beside it under another name than its own."""
    found = Counter[str]()
    for folder in packages(venv).iterdir():
        found[folder.name.partition(".libs")[0]] += megabytes(folder)
    found["cv2"] += found.pop("opencv_python_headless", 0)
    return +found


def named(megabytes_of: Counter[str]) -> str:
    largest = megabytes_of.most_common(LARGEST)
    return ", ".join(f"{name} {size}" for name, size in largest)


def torch_of(venv: Path) -> str:
    def found() -> Iterator[str]:
        for one in distributions(path=[str(packages(venv))]):
            if one.metadata["Name"] == "torch":
                yield f" (torch {one.version})"

    return next(found(), "")


def seconds_to_ready(folder: Path) -> float:
    """A clone of what is committed, then `make run` until the page is there."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "run", f"PYTHON={sys.executable}"],
        cwd=clone,
        env={**os.environ, "PHOTOPLAY_WEB__PORT": "0", "PHOTOPLAY_DATA_DIR": str(folder / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if READY.search(line):
            seconds = time.monotonic() - began
            os.killpg(process.pid, 15)
            process.communicate()
            return seconds
    raise SystemExit(f"it did not start:\n{''.join(said[-20:])}")


if __name__ == "__main__":
    main()
