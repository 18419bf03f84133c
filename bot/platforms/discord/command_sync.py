"""Commands are registered once, in one scope, and again only when the set has changed.

Registering also for single servers would show every command twice (discord-api-docs #3885).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import discord
import structlog
from discord import app_commands

Registered = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | app_commands.Group

log = structlog.get_logger(__name__)


async def sync(tree: app_commands.CommandTree[discord.Client], note: Path) -> dict[str, str]:
    """How each command is mentioned; `note` is the file that remembers which were registered last.

    Raises what the library raises where Discord cannot be reached.
    """
    digest = await _digest(tree)
    ours = {(_type(command), command.name) for command in tree.get_commands()}
    if _noted(note) == digest:
        known = await tree.fetch_commands()
        if {(command.type, command.name) for command in known} == ours:
            return _mentions(known)
    registered = await tree.sync()
    note.write_text(digest)
    log.info("commands_registered", count=len(ours))
    return _mentions(registered)


def _mentions(commands: list[app_commands.AppCommand]) -> dict[str, str]:
    slash = discord.AppCommandType.chat_input
    return {command.name: command.mention for command in commands if command.type is slash}


async def _digest(tree: app_commands.CommandTree[discord.Client]) -> str:
    translator = tree.translator
    payloads = [
        command.to_dict(tree)
        if translator is None
        else await command.get_translated_payload(tree, translator)
        for command in tree.get_commands()
    ]
    application = tree.client.application_id
    content = json.dumps([application, payloads], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _noted(note: Path) -> str | None:
    try:
        return note.read_text().strip()
    except OSError:
        return None


def _type(command: Registered) -> discord.AppCommandType:
    if isinstance(command, app_commands.ContextMenu):
        return command.type
    return discord.AppCommandType.chat_input
