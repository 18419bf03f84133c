"""Prints constraints that hold every declared library at the lowest version that is allowed."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

DECLARED = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]+\])?(?:>=|==)(?P<version>[\w.]+)")


def lowest(requirements: list[str]) -> list[str]:
    """Raises `ValueError` for a library without a lowest version."""
    found = [DECLARED.match(requirement) for requirement in requirements]
    if None in found:
        raise ValueError(f"{requirements[found.index(None)]} says no lowest version")
    return [f"{match['name']}=={match['version']}" for match in found if match is not None]


def main() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    sys.stdout.write("\n".join(lowest(project["dependencies"])) + "\n")


if __name__ == "__main__":
    main()
