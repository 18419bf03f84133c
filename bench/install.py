"""What an installation takes: megabytes of the plain one and of each extra, seconds to the page.

`python bench/install.py [EXTRA …]`: every extra named is installed into a venv of its own beside
the plain one (`ltx` takes gigabytes); without any, only what is small. It needs the network.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SMALL = ("c2pa", "test-core")
READY = re.compile(r"photoplay is ready")


def main() -> None:
    extras = sys.argv[1:] or SMALL
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = installed(folder / "plain", "")
        print(f"plain install: {plain} MB (Python {sys.version.split()[0]}, its pip included)")
        for extra in extras:
            size = installed(folder / extra, f"[{extra}]")
            print(f"extra {extra}: {size - plain} MB more")
        print(f"from a clone to the page, `make run`: {seconds_to_ready(folder):.0f} s")


def installed(venv: Path, extra: str) -> int:
    """Megabytes of a fresh venv with the newest allowed versions."""
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", f"{ROOT}{extra}"], check=True, stderr=subprocess.DEVNULL)
    files = (path.lstat() for path in venv.rglob("*") if path.is_file() or path.is_symlink())
    return round(sum(one.st_blocks * 512 for one in files) / 1e6)


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
