"""Structured logs: a line of JSON for machines, of colour for a terminal, never with a secret."""

from __future__ import annotations

import logging
import math
import sys
import time
from collections.abc import Callable, Collection, MutableMapping
from typing import Any, TextIO

import structlog

MASK = "[secret]"

MOST_LINES = 1000
"""Different warnings that are remembered; older ones than a second are forgotten then."""


class Masking:
    """Replaces known secrets wherever a library or a traceback carries them into a line."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = tuple(secret for secret in secrets if len(secret) >= 6)

    def __call__(
        self, _: object, __: str, entry: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {key: self._mask(value) for key, value in entry.items()}

    def _mask(self, value: object) -> object:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, MASK)
        return value


class Repeated(logging.Filter):
    """Lets the same warning through once a second, with how often it came meanwhile.

    Whoever floods a socket decides how often something is said, and would fill the disk.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        now, line = self._clock(), _content(record)
        at, withheld = self._said.get(line, (-math.inf, 0))
        if now - at < 1:
            self._said[line] = at, withheld + 1
            return False
        if len(self._said) > MOST_LINES:
            self._said = {one: said for one, said in self._said.items() if now - said[0] < 1}
        self._said[line] = now, 0
        if withheld and isinstance(record.msg, dict):
            record.msg = {**record.msg, "repeated": withheld}
        elif withheld:
            record.msg, record.args = f"{record.getMessage()} ({withheld} more)", None
        return True


def _content(record: logging.LogRecord) -> str:
    if isinstance(record.msg, dict):
        return repr({key: value for key, value in record.msg.items() if key != "timestamp"})
    return f"{record.name}: {record.getMessage()}"


def configure(
    *, secrets: Collection[str] = (), level: int = logging.INFO, stream: TextIO = sys.stderr
) -> None:
    """Send this program's and its libraries' logs to one stream; called once, at the start.

    `level` is this program's own; of its libraries nothing under INFO is of use.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Masking(secrets),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if stream.isatty() else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(Repeated())
    logging.basicConfig(handlers=[handler], level=max(level, logging.INFO), force=True)
    for package in ("bot", "generation"):
        logging.getLogger(package).setLevel(level)
    _quieten()


def _quieten() -> None:
    """Of libraries only what somebody could act on; httpx would write addresses with a token."""
    for library in ("uvicorn", "discord", "telegram", "httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.WARNING)
    # what it says as errors, with a traceback each, the Telegram front says in a line of its own
    logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)
