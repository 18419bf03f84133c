"""Who writes the prompts for a model that reads them, as the settings say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from config.sections import PromptsSettings
from generation.engine.protocol import Engine
from generation.prompts.prompt_help import PromptHelp
from generation.prompts.prompted_engine import PromptedEngine

if TYPE_CHECKING:
    from generation.prompts.chat_endpoint import ChatEndpoint


def prompt_help(settings: PromptsSettings, allowed: Callable[[str], bool]) -> PromptHelp | None:
    """`None` where nobody is to write any; `allowed`: whether a text breaks no rule."""
    if settings.help == "off":
        return None
    return PromptHelp(_endpoint(settings), allowed=allowed)


def with_prompts(engines: Sequence[Engine], prompts: PromptHelp | None) -> list[Engine]:
    """The engines whose model reads words are told what `prompts` writes, people what that was."""
    return [PromptedEngine(engine, prompts) for engine in engines]


def _endpoint(settings: PromptsSettings) -> ChatEndpoint | None:
    if settings.help != "url" or settings.url is None:
        return None
    from generation.prompts.chat_endpoint import ChatEndpoint  # its library costs time and memory

    key = settings.api_key
    return ChatEndpoint(
        str(settings.url),
        settings.model,
        key.get_secret_value() if key is not None else None,
        settings.time_limit,
        sees=settings.vision,
    )
