"""How the bytes of a picture are fetched from Telegram."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import telegram
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.platforms.telegram.outgoing import seconds_of
from bot.platforms.telegram.sources import Source
from bot.submission.fetching import NotFetched, fetched, over_http
from bot.submission.uploads import IncomingUpload
from generation.images.limits import MAX_BYTES

CLOUD = 20_000_000
"""Bytes of a file that the cloud's Bot API hands to a bot (getFile); a local server has none."""


def is_given(source: Source, *, local: bool) -> bool:
    """Whether a bot gets a file of this size."""
    return source.size <= (MAX_BYTES if local else min(CLOUD, MAX_BYTES))


class _Here(Exception):
    """The file of a server of our own, which needs no fetching."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path


async def fetch(
    bot: telegram.Bot, source: Source, upload: IncomingUpload, catalogue: Catalogue, *, local: bool
) -> Path:
    """The bytes as they are; raises `Rejected` kinds, `UserError` where they cannot be had."""
    most = MAX_BYTES if local else min(CLOUD, MAX_BYTES)
    if not is_given(source, local=local):
        raise _too_large(catalogue, source.size / 1e6, most)
    try:
        return await fetched(lambda: _opened(bot, source, local=local), upload)
    except _Here as here:
        return here.path
    except BadRequest as error:
        if "too big" in error.message:
            raise _too_large(catalogue, 20, most) from None
        raise UserError(catalogue.say("telegram.answer.not_fetched")) from None
    except (TelegramError, NotFetched):
        raise UserError(catalogue.say("telegram.answer.not_fetched")) from None


@asynccontextmanager
async def _opened(
    bot: telegram.Bot, source: Source, *, local: bool
) -> AsyncGenerator[AsyncIterator[bytes]]:
    """Raises `NotFetched`; `BadRequest` and others of its kind that will not change."""
    try:
        file = await bot.get_file(source.file)
    except BadRequest:  # a NetworkError to the library
        raise
    except RetryAfter as error:
        raise NotFetched("RetryAfter", again=True, after=seconds_of(error)) from None
    except NetworkError as error:
        raise NotFetched(type(error).__name__, again=True) from None
    path = file.file_path or ""
    if local and Path(path).is_file():
        raise _Here(Path(path))
    async with over_http(path) as pieces:
        yield pieces


def _too_large(catalogue: Catalogue, megabytes: float, most: int) -> UserError:
    return UserError(catalogue.say("chat.picture.too_large", size=megabytes, most=most // 10**6))
