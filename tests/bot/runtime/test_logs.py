"""No secret reaches a log line, whoever carries it there."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.runtime import logs

SECRET = "123456:canary-canary"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    before = logging.getLogger().handlers[:]
    stream = io.StringIO()
    logs.configure(secrets=[SECRET], level=logging.DEBUG, stream=stream)
    yield stream
    logging.getLogger().handlers[:] = before
    structlog.reset_defaults()


def test_a_secret_is_masked_in_values_urls_and_tracebacks(stream: io.StringIO) -> None:
    structlog.get_logger("bot.x").info("sent", url=f"https://api.example/bot{SECRET}/sendVideo")
    logging.getLogger("httpx").warning("POST /bot%s/getMe", SECRET)
    try:
        raise ValueError(f"refused {SECRET}")
    except ValueError:
        structlog.get_logger("bot.x").exception("failed")
    text = stream.getvalue()
    assert SECRET not in text
    assert text.count(logs.MASK) >= 3


def test_a_line_is_json_with_the_jobs_id(stream: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(job="video_abc"):
        structlog.get_logger("generation.dispatch.worker").info("job_started", crashes=0)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["job"], line["level"]) == ("job_started", "video_abc", "info")


def test_the_same_warning_is_written_once_a_second_with_its_number() -> None:
    stream, now = io.StringIO(), [0.0]
    handler = logging.StreamHandler(stream)
    handler.addFilter(logs.Repeated(lambda: now[0]))
    logger = logging.Logger("flooded")
    logger.addHandler(handler)
    for _ in range(1000):
        logger.warning("bad request from %s", "anybody")
    logger.warning("something else")
    now[0] = 1.5
    logger.warning("bad request from %s", "anybody")
    logger.info("a thing")
    logger.info("a thing")
    assert stream.getvalue().splitlines() == [
        "bad request from anybody",
        "something else",
        "bad request from anybody (999 more)",
        "a thing",
        "a thing",
    ]
