"""How an extra is added here: people have pip, pipx, uv or a clone of the source."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit


def how_to_add(extra: str) -> str:
    """A command as it can be typed; nothing is looked up on a package index."""
    return command(extra, _origin(), Path(sys.prefix))


def command(extra: str, origin: Mapping[str, object], prefix: Path) -> str:
    """`origin`: what the installer noted of where photoplay came from (PEP 610)."""
    wanted = f"photoplay[{extra}]"
    if (prefix / "uv-receipt.toml").exists():
        return f"uv tool install '{_requirement(wanted, origin)}'"
    if (prefix / "pipx_metadata.json").exists():
        return f"pipx install --force '{_requirement(wanted, origin)}'"
    python = prefix / "bin" / "python"
    if origin.get("dir_info") == {"editable": True}:
        return f"{python} -m pip install -e '{_folder(origin)}[{extra}]'"
    return f"{python} -m pip install '{_requirement(wanted, origin)}'"


def _origin() -> dict[str, object]:
    try:
        noted = distribution("photoplay").read_text("direct_url.json")
    except PackageNotFoundError:
        noted = None
    found = json.loads(noted) if noted else {}
    return found if isinstance(found, dict) else {}


def _requirement(wanted: str, origin: Mapping[str, object]) -> str:
    url = origin.get("url")
    if url is None:  # from a wheel that somebody handed on by name
        return f"{wanted} @ git+ADDRESS"
    vcs = origin.get("vcs_info")
    kind = f"{vcs['vcs']}+" if isinstance(vcs, dict) else ""
    return f"{wanted} @ {kind}{url}"


def _folder(origin: Mapping[str, object]) -> str:
    return unquote(urlsplit(str(origin.get("url"))).path)
