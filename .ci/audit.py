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
SERVICES = {
    "pypi": "the package index has no JSON interface, or does not know them",
    "osv": "api.osv.dev cannot be reached",
}
"""Who may know weaknesses, in the order of asking; and why each mostly says nothing."""


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> int:
    for service, usual in SERVICES.items():
        packages, problem = asked(service)
        unknown = [package["name"] for package in packages if "skip_reason" in package]
        if len(unknown) < len(packages):
            return told(packages, unknown)
        say(f"{service} told nothing, most likely since {usual}: {problem}")
    say("Nothing was checked: nobody who knows of weaknesses can be asked from here.")
    return 2


def asked(service: str) -> tuple[list[dict[str, Any]], str]:
    """What it knows of each package; and where it knows none, what it said last."""
    options = ["--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json"]
    asking = [sys.executable, "-m", "pip_audit", *options, "--vulnerability-service", service]
    said = subprocess.run(
        [*asking, "--requirement", "constraints.txt"], cwd=ROOT, capture_output=True, text=True
    )
    try:
        packages = json.loads(said.stdout)["dependencies"]
    except ValueError:
        return [], (said.stderr.strip().splitlines() or ["it said nothing"])[-1]
    return packages, str(packages[0].get("skip_reason"))


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
