"""A world of its own for every test: a folder, a `.env`, a toml file, an environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.load import load
from config.settings import Settings


class World:
    """The places where settings are written, none of them the real ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ: dict[str, str] = {}
        self.overrides: dict[str, object] = {}
        self.config: Path | None = None

    def toml(self, text: str, name: str = "photoplay.toml") -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def dotenv(self, text: str) -> None:
        (self.folder / ".env").write_text(text, encoding="utf-8")

    def load(self) -> Settings:
        return load(self.overrides, config=self.config, environ=self.environ, folder=self.folder)

    def refusal(self) -> str:
        with pytest.raises(ConfigError) as caught:
            self.load()
        return caught.value.message

    def refusal_of(self, environ: Mapping[str, str]) -> str:
        self.environ = dict(environ)
        return self.refusal()
