"""Whatever goes wrong while somebody is answered becomes one sentence to them, in every chat."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from bot.language.catalogue import Catalogue
from bot.language.reasons import in_scene, refusal
from generation.errors import AnimationError, InvalidImage, UnsupportedOption
from generation.store.database import Unwritable

log = structlog.get_logger(__name__)


OF_SCENE = re.compile(r"scenes\[(?P<number>[0-9]+)\]\.(?P<name>\w+)", re.ASCII)
"""What is wrong with one scene of a film, as the API names it."""


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
    """People count scenes, know nothing of fields, and pick no scene of a film."""
    if error.reason == "of_a_film":
        return catalogue.say("chat.film.whole")
    param = str(error.facts.get("param", ""))
    if isinstance(error, InvalidImage | UnsupportedOption):
        param = error.param
    found = OF_SCENE.fullmatch(param)
    if found is None:
        return refusal(catalogue, error)
    if "param" in error.facts:
        error.facts = {**error.facts, "param": found["name"]}
    return in_scene(catalogue, int(found["number"]), refusal(catalogue, error))
