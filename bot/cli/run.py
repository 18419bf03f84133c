"""`photoplay run`: settings in, the program on, a line where the page is."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from bot import app
from bot.runtime import logs
from config.load import load
from config.settings import Settings

SERVING = 700
"""Objects that come between two looks for waste: none of them takes long."""


def serve(config: Path | None, overrides: Mapping[str, object], *, verbose: bool) -> None:
    """Return when the program was told to stop; raises `ConfigError` and `Misconfigured`."""
    settings = load(overrides, config=config)
    level = logging.DEBUG if verbose else logging.INFO
    logs.configure(secrets=secrets_of(settings), level=level)
    try:
        asyncio.run(app.run(settings, announce))
    except ExceptionGroup as group:
        raise _first(group) from None
    typer.echo("photoplay has stopped; whatever waits is made after the next start.")


def announce(url: str | None, engine: str) -> None:
    where = f"the page is at {url}" if url else "without the page"
    typer.secho(f"photoplay is ready: {where} ({engine} engine). Ctrl-C stops it.", fg="green")
    sys.stdout.flush()
    # What is here now stays: looked through for waste again and again, it would stop everything.
    gc.freeze()
    gc.set_threshold(SERVING)


def secrets_of(settings: Settings) -> list[str]:
    """Every secret there is, so that logs can mask them."""
    single = (
        settings.discord.token,
        settings.telegram.token,
        settings.telegram.webhook_secret,
        settings.engine.api_key,
        settings.prompts.api_key,
    )
    keys = settings.web.api_keys.values()
    return [secret.get_secret_value() for secret in (*single, *keys) if secret is not None]


def _first(group: ExceptionGroup[Exception]) -> Exception:
    """What brought the whole down; the others were cancelled or followed from it."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first
