"""The places where settings are written, each read into one flat layer of named values."""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from config.catalogue import PREFIX, SettingRow, describe, nearest, row, sections
from config.errors import ConfigError

TOML_FILE = "photoplay.toml"
DOTENV_FILE = ".env"


@dataclass(frozen=True, slots=True)
class Layer:
    """`place` completes "in …" or "on …"; `values` are by dotted name."""

    place: str
    values: Mapping[str, object]
    variables: bool = False

    def origin(self, setting: SettingRow) -> str:
        return f"{setting.variable} {self.place}" if self.variables else self.place


def from_command_line(overrides: Mapping[str, object]) -> Layer:
    place, values = "on the command line", {}
    for name, value in overrides.items():
        setting = row(name)
        if setting is None:
            raise _unknown(name, place, [known.name for known in describe()])
        if not _unset(value):
            text = isinstance(value, str)
            values[name] = _parsed(setting, str(value), place) if text else value
    return Layer(place, values)


def from_environment(environ: Mapping[str, str]) -> Layer:
    return _from_variables("in the environment", environ)


def from_dotenv(folder: Path) -> Layer:
    # Only a file is meant: some people call their virtual environment .env.
    path = folder / DOTENV_FILE
    text = "" if path.is_dir() else _read(path, required=False)
    pairs = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error and PREFIX in binding.original.string.upper():
            raise ConfigError(f"Line {_line(binding)} of .env is not NAME=value; check its quotes.")
        if binding.key is not None and binding.value is not None:
            pairs[binding.key] = binding.value
    return _from_variables(f"in {DOTENV_FILE}", pairs)


def from_toml(folder: Path, config: Path | None) -> Layer:
    path = folder / (config or TOML_FILE)
    place = f"in {path.name}"
    try:
        table = tomllib.loads(_read(path, required=config is not None))
    except tomllib.TOMLDecodeError as error:
        # Its message may quote the text, so nothing but the position is taken from it.
        at = re.search(r"\(at (line \d+), column \d+\)$", str(error))
        raise _not_toml(path, at[1] if at else "its end") from None
    except RecursionError:
        raise _not_toml(path, "a value that is nested too deeply") from None
    return Layer(place, dict(_flat(table, place)))


def _from_variables(place: str, pairs: Mapping[str, str]) -> Layer:
    settings = {setting.variable: setting for setting in describe()}
    values = {}
    for name, text in sorted(pairs.items()):
        if not name.upper().startswith(PREFIX) or _unset(text):
            continue
        if name not in settings:
            raise _unknown(name, place, list(settings))
        setting = settings[name]
        values[setting.name] = _parsed(setting, text, f"{name} {place}")
    return Layer(place, values, variables=True)


def _flat(table: Mapping[str, object], place: str) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if key not in sections():
            yield from _known(key, value, place)
        elif isinstance(value, dict):
            for inner, inner_value in value.items():
                yield from _known(f"{key}.{inner}", inner_value, place)
        else:
            raise ConfigError(f"{key} ({place}) must be a table of settings.")


def _known(name: str, value: object, place: str) -> Iterator[tuple[str, object]]:
    if row(name) is None:
        raise _unknown(name, place, [setting.name for setting in describe()])
    if not _unset(value):
        yield name, value


def _unset(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _parsed(setting: SettingRow, text: str, origin: str) -> object:
    """Lists and maps are JSON where only text can be written; the rest is for the validation."""
    text = text.strip()
    if not setting.structured or text == setting.default:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    raise ConfigError(f"{setting.name} ({origin}) must be {setting.allowed}, written as JSON.")


def _unknown(name: str, place: str, known: list[str]) -> ConfigError:
    like = name.upper() if name.upper().startswith(PREFIX) else name
    proposal = nearest(like, known)
    # Tokens and keys have a - or several dots or more letters: this may be a value without a name.
    shown = name if re.fullmatch(r"\w{1,60}(\.\w{1,60})?", name, re.ASCII) else "a name"
    start = place[0].upper() + place[1:]
    return ConfigError(f"{start}, {shown} is not a setting; did you mean {proposal}?")


def _read(path: Path, *, required: bool) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if not required:
            return ""
        reason = "does not exist"
    except OSError:
        reason = "cannot be read; check that it is a file and its permissions"
    except UnicodeDecodeError:
        reason = "is not text in UTF-8"
    raise ConfigError(f"The file {path.name} {reason}.")


def _not_toml(path: Path, where: str) -> ConfigError:
    return ConfigError(f"The file {path.name} is not valid TOML; look at {where}.")


def _line(binding: Binding) -> int:
    """The parser counts the empty lines before a statement as part of it."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
