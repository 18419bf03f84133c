"""`photoplay doctor`: a line for everything that has to work, with the cure where it does not."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import typer

from bot.cli.clip_check import camera_alone, made_by
from bot.cli.engine_check import engine_findings
from bot.cli.finding import Finding, not_tried
from bot.cli.model_check import model_findings
from bot.cli.security_check import sandbox, secrets
from bot.cli.terminal import terminal_catalogue
from bot.language.reasons import refusal
from bot.platforms.web.site import listen
from bot.runtime import logs
from bot.runtime.control_socket import NotRunning, ask, check_length
from bot.runtime.engine_choice import choose, look
from config.errors import ConfigError
from config.load import load
from config.settings import Settings
from generation.errors import AnimationError, Misconfigured
from generation.media.errors import EncoderKilled
from generation.media.ffmpeg_program import NAMED, ffmpeg_program
from generation.pipelines.ltx.cards import HEAD, rows
from generation.system_words import system_words
from generation.workspace import RESERVE, Workspace


def doctor(
    config: Path | None, overrides: Mapping[str, object], *, as_json: bool, model: bool = False
) -> bool:
    """Print every finding; False where something needed is broken."""
    logs.configure(level=logging.ERROR)  # a finding says the same in a sentence
    findings = _findings(config, overrides, model=model)
    table = [HEAD, *rows()] if model else []
    if as_json:
        told = {"findings": [asdict(finding) for finding in findings], "cards": table[1:]}
        typer.echo(json.dumps(told))
    else:
        for finding in findings:
            _print(finding)
        for cells in table:
            typer.echo(" | ".join(cells))
    return all(finding.ok or not finding.needed for finding in findings)


def _findings(
    config: Path | None, overrides: Mapping[str, object], *, model: bool
) -> list[Finding]:
    try:
        settings = load(overrides, config=config)
    except ConfigError as error:
        return [Finding("settings", False, True, error.message, "Mend the setting named here.")]
    running = asyncio.run(_is_running(settings.data_dir / "control.sock"))
    machine = look(settings.engine)
    folder, ffmpeg = _folder(settings), _ffmpeg()
    checks: list[Callable[[Settings, bool], Finding]] = [
        *([_disk] if folder.ok else []),  # what cannot be written has no room either
        _database,
        lambda *_: ffmpeg,
        lambda *_: sandbox(),
        lambda settings, _: _clip(settings) if ffmpeg.ok else not_tried("engine"),
    ]
    platforms = (_web, _discord, _telegram)
    return [
        Finding("settings", True, True, "The settings can be read."),
        secrets(config),
        folder,
        *(check(settings, running) for check in checks),
        *model_findings(machine, settings, ffmpeg=ffmpeg.ok, running=running, forced=model),
        *engine_findings(settings),
        *(check(settings, running) for check in platforms),
    ]


def _folder(settings: Settings) -> Finding:
    try:
        Workspace(settings.data_dir, keep_inputs=0, keep_clips=0).create()
        check_length(settings.data_dir / "control.sock")
    except Misconfigured as error:
        cure = "Give photoplay another folder: --data-dir, or PHOTOPLAY_DATA_DIR."
        return Finding("data_dir", False, True, error.message, cure)
    return Finding("data_dir", True, True, f"{settings.data_dir} can be written.")


def _disk(settings: Settings, _: bool) -> Finding:
    folder = next(p for p in (settings.data_dir, *settings.data_dir.parents) if p.exists())
    free = shutil.disk_usage(folder).free
    message = f"{free / 2**30:.1f} GiB are free."
    if free < RESERVE:
        cure = f"Free some: under {RESERVE // 2**20} MiB nothing new is accepted."
        return Finding("disk", False, True, message, cure)
    return Finding("disk", True, True, message)


def _database(settings: Settings, _: bool) -> Finding:
    path = settings.data_dir / "photoplay.db"
    if not path.exists():
        return Finding("database", True, True, "There is none yet; the first run makes it.")
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            [[answer]] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error as error:
        answer = str(error)
    if answer != "ok":
        cure = "Stop photoplay and put a copy of photoplay.db back, or move the file away."
        return Finding("database", False, True, f"The database is damaged: {answer}.", cure)
    return Finding("database", True, True, "The database is sound.")


def _ffmpeg() -> Finding:
    named = os.environ.get(NAMED)
    cure = f"Name an ffmpeg in {NAMED}, or leave it out." if named else "Install photoplay again."
    it = f"{named}, which {NAMED} names," if named else "ffmpeg"
    try:
        program = ffmpeg_program()
        answer = subprocess.run(
            [program, "-hide_banner", "-encoders"], capture_output=True, text=True, timeout=20
        )
    except (RuntimeError, OSError, EncoderKilled, subprocess.TimeoutExpired) as error:
        why = f": {system_words(error)}" if isinstance(error, OSError) else ""
        return Finding("ffmpeg", False, True, f"{it} does not start{why}.", cure)
    if answer.returncode:
        why = answer.stderr.strip() or f"it ended with {answer.returncode}"
        return Finding("ffmpeg", False, True, f"{it} does not start: {why}.", cure)
    if "libx264" not in answer.stdout:
        return Finding("ffmpeg", False, True, f"{it} cannot write H.264.", cure)
    return Finding("ffmpeg", True, True, "ffmpeg writes H.264.")


def _clip(settings: Settings) -> Finding:
    """With what is shipped: the camera engine and the encoder."""
    catalogue = terminal_catalogue()
    cure = "Run `photoplay animate PICTURE --engine camera --verbose` and read what it says."
    try:
        seconds = made_by(choose(camera_alone(settings)), settings, catalogue)
    except Misconfigured as error:
        return Finding("engine", False, True, error.message, "Mend the setting named here.")
    except AnimationError as error:
        return Finding("engine", False, True, f"No clip comes: {refusal(catalogue, error)}", cure)
    return Finding("engine", True, True, f"The camera engine made a clip in {seconds:.1f} s.")


def _web(settings: Settings, running: bool) -> Finding:
    web = settings.web
    if not web.enabled:
        return Finding("web", True, False, "The page is turned off.")
    if running:
        return Finding("web", True, True, "photoplay is running on this data_dir.")
    try:
        listen(web.host, web.port).close()
    except Misconfigured as error:
        return Finding("web", False, True, error.message, "Stop what uses it, or use --port.")
    return Finding("web", True, True, f"Port {web.port} on {web.host} is free.")


def _discord(settings: Settings, _: bool) -> Finding:
    discord = settings.discord
    if discord.token is None:
        return Finding("discord", True, False, "Discord is off: discord.token is not set.")
    from bot.platforms.discord.token_check import (
        check_token,  # loads the library, which takes a while
    )

    found = asyncio.run(check_token(discord.token.get_secret_value(), str(discord.api_url)))
    return Finding("discord", found.ok, True, found.message, found.cure)


def _telegram(settings: Settings, running: bool) -> Finding:
    telegram = settings.telegram
    if telegram.token is None:
        return Finding("telegram", True, False, "Telegram is off: telegram.token is not set.")
    from bot.platforms.telegram.token_check import check_token

    found = asyncio.run(check_token(telegram.token.get_secret_value(), str(telegram.api_url)))
    deaf = asyncio.run(_stopped(settings)).get("telegram") if running and found.ok else None
    if deaf is not None:
        return Finding("telegram", False, True, f"The running photoplay says: {deaf}", found.cure)
    return Finding("telegram", found.ok, True, found.message, found.cure)


async def _stopped(settings: Settings) -> dict[str, str]:
    """The platforms that the running program cannot serve now, each with the reason."""
    try:
        answer = await ask(settings.data_dir / "control.sock", {"command": "stopped"})
    except NotRunning:
        return {}
    return dict(answer.get("stopped", {}))


async def _is_running(path: Path) -> bool:
    try:
        await ask(path, {"command": "list"})
    except NotRunning:
        return False
    return True


def _print(finding: Finding) -> None:
    mark, colour = ("✓", "green") if finding.ok else ("✗" if finding.needed else "–", None)
    if not finding.ok and finding.needed:
        colour = "red"
    typer.secho(f"{mark} {finding.name}: {finding.message}", fg=colour)
    if finding.cure:
        typer.echo(f"    {finding.cure}")
