"""From what is written in five places to one validated value, or one sentence that says why not."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.catalogue import describe, row
from config.errors import ConfigError
from config.settings import Settings
from config.sources import (
    DOTENV_FILE,
    TOML_FILE,
    Layer,
    from_command_line,
    from_dotenv,
    from_environment,
    from_toml,
)


def load(
    overrides: Mapping[str, object] | None = None,
    *,
    config: Path | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Command line > environment > `.env` > `photoplay.toml` (or `config`) > defaults.

    `overrides` are what the command line said, by dotted name (`web.port`); None is not said.
    `folder` stands for the working directory. Raises `ConfigError`, which never shows a value.
    """
    folder = _absolute(folder)
    settings = _settled(
        (
            from_toml(folder, config),
            from_dotenv(folder),
            from_environment(os.environ if environ is None else environ),
            from_command_line(overrides or {}),
        )
    )
    return settings.model_copy(update={"data_dir": folder / settings.data_dir})


def files_with_secrets(*, config: Path | None = None, folder: Path | None = None) -> list[Path]:
    """Those of the settings files that hold a token or key. Raises `ConfigError`."""
    folder = _absolute(folder)
    files = {
        folder / DOTENV_FILE: from_dotenv(folder),
        folder / (config or TOML_FILE): from_toml(folder, config),
    }
    secret = {setting.name for setting in describe() if setting.secret}
    return [path for path, layer in files.items() if secret & layer.values.keys()]


def _absolute(folder: Path | None) -> Path:
    return (folder or Path.cwd()).absolute()


def _settled(layers: Sequence[Layer]) -> Settings:
    """Later layers win, a whole setting at a time: a map replaces a map."""
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for setting in describe():
        for layer in layers:
            if setting.name in layer.values:
                values[setting.name] = layer.values[setting.name]
                origins[setting.name] = layer.origin(setting)
    try:
        return Settings.model_validate(_nested(values))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
    raise ConfigError(_sentence(first, origins))


def _nested(values: Mapping[str, object]) -> dict[str, object]:
    tree: dict[str, object] = {}
    groups: dict[str, dict[str, object]] = {}
    for name, value in values.items():
        section, dot, key = name.partition(".")
        if dot:
            groups.setdefault(section, {})[key] = value
        else:
            tree[name] = value
    return tree | groups


def _sentence(problem: ErrorDetails, origins: Mapping[str, str]) -> str:
    """Nothing below the setting's own name is repeated: a map's keys may be secrets put there."""
    if problem["type"] == "rule":
        return f"{_named(problem['ctx']['setting'], origins)} {problem['msg']}."
    steps = [str(step) for step in problem["loc"]]
    setting = row(steps[0]) or row(".".join(steps[:2]))
    if setting is None:
        return "The settings do not fit together."
    depth = setting.name.count(".") + 1
    entry = next((step for step in problem["loc"][depth:] if isinstance(step, int)), None)
    part = "" if entry is None else f"entry {entry + 1} of "
    return f"{part}{_named(setting.name, origins)} must be {setting.allowed}."


def _named(name: str, origins: Mapping[str, str]) -> str:
    return f"{name} ({origins[name]})" if name in origins else name
