"""Asks for known weaknesses of what constraints.txt pins, and says so where nobody answers.

Exits with 0 where none is known, with 1 where there are some, with 2 where nothing was checked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
UNCHECKED = "Nothing was checked: pip-audit could not reach a service that knows weaknesses"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> int:
    options = ["--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json"]
    asked = [sys.executable, "-m", "pip_audit", *options, "--requirement", "constraints.txt"]
    said = subprocess.run([*asked, *sys.argv[1:]], cwd=ROOT, capture_output=True, text=True)
    try:
        packages = json.loads(said.stdout)["dependencies"]
    except ValueError:
        last = (said.stderr.strip().splitlines() or ["it said nothing"])[-1]
        say(f"{UNCHECKED} ({last}).")
        return 2
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if len(unknown) == len(packages):
        say(f"{UNCHECKED} ({packages[0]['skip_reason']}).")
        return 2
    return told(packages, unknown)


def told(packages: list[dict[str, Any]], unknown: list[str]) -> int:
    weak = [(package, one) for package in packages for one in package.get("vulns", ())]
    for package, one in weak:
        cure = ", ".join(one["fix_versions"]) or "none yet"
        say(f"{package['name']} {package['version']}: {one['id']}, mended in: {cure}")
    if unknown:
        say(f"Not known to the service, so not checked: {', '.join(unknown)}.")
    say(f"{len(packages) - len(unknown)} packages were checked; {len(weak)} weaknesses are known.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
