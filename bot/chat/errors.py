"""Whatever goes wrong while somebody is answered becomes one sentence to them, in every chat."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from bot.language.catalogue import Catalogue
from bot.language.reasons import refusal
from generation.errors import AnimationError
from generation.store.database import Unwritable

log = structlog.get_logger(__name__)


class UserError(Exception):
    """A refusal of a platform's own, whose sentence comes from the catalogue already."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@asynccontextmanager
async def errors_said_to(
    catalogue: Catalogue,
    say: Callable[[str], Awaitable[None]],
    *,
    trouble: tuple[type[Exception], ...],
) -> AsyncGenerator[None]:
    """`say` tells the person; `trouble` is what the platform's library raises for its own."""
    try:
        yield
    except UserError as told:
        await say(told.sentence)
    except AnimationError as error:
        await say(_refused(catalogue, error))
    except Unwritable:
        await say(catalogue.say("errors.queue_full.unwritable"))
    except trouble as error:
        log.warning("answer_not_taken", reason=str(error))
        await say(catalogue.say("chat.asking.broke"))
    except Exception:  # a defect in one answer must not leave its person without a word
        log.exception("answer_broke")
        await say(catalogue.say("chat.asking.broke"))


def _refused(catalogue: Catalogue, error: AnimationError) -> str:
    """People pick no scene of a film in a chat."""
    if error.reason == "of_a_film":
        return catalogue.say("chat.film.whole")
    return refusal(catalogue, error)
