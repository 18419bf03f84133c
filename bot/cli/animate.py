"""`photoplay animate`: a clip for each picture, with a bar each, and no server."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
import typer
from rich.progress import Progress

from bot.cli.bars import bars_on_stderr, show_report
from bot.cli.clip_facts import clip_facts
from bot.cli.clip_maker import ClipMaker, Made
from bot.cli.ending import until_told_to_end
from bot.cli.foreign_text import plain
from bot.cli.output import PICTURES, Stdout, Target, make_folder, place, target_of
from bot.cli.picture_check import check_picture
from bot.cli.terminal import terminal_catalogue
from bot.language.catalogue import Catalogue
from bot.language.reasons import noted, refusal
from bot.runtime import logs
from bot.runtime.engine_choice import Served, choose, notice, started_by
from bot.submission.intake import MAX_SEED, RANDOM
from bot.submission.options import ExtraPictures, KeyframePicture, Options
from config.load import load
from config.settings import Settings
from generation.engine.protocol import Report
from generation.errors import AnimationError, OperatorError
from generation.workspace import Workspace

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """One clip of an order: that of `picture` with this `number`, 0 being the first."""

    picture: Path
    number: int
    options: Options


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asks for: a clip of each picture, all with the same options."""

    pictures: tuple[Path, ...]
    options: Options
    end: Path | None = None
    keyframes: tuple[tuple[float, Path], ...] = ()
    output: str | None = None
    as_json: bool = False
    verbose: bool = False

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """A clip each: of every picture as many as were asked for, the seeds after each other."""
        return tuple(
            Wish(picture, number, _seeded(self.options, number))
            for picture in self.pictures
            for number in range(max(self.options.variations, 1))
        )

    @property
    def given(self) -> tuple[Path, ...]:
        """Every picture that was named."""
        return (*self.pictures, *self._shared)

    @property
    def needed(self) -> tuple[Path, ...]:
        """The pictures without which there is no clip at all."""
        return self.given if len(self.pictures) == 1 else self._shared

    @property
    def _shared(self) -> tuple[Path, ...]:
        end = () if self.end is None else (self.end,)
        return (*end, *(path for _, path in self.keyframes))


def _seeded(options: Options, number: int) -> Options:
    if not number or options.seed is None or options.seed == RANDOM:
        return options
    return replace(options, seed=(options.seed + number) % (MAX_SEED + 1))


def pictures_and_prompt(
    arguments: Sequence[str], prompt: str | None
) -> tuple[tuple[Path, ...], str]:
    """The last argument is the words, unless it is the only one or can only be a picture.

    Raises `OperatorError` for words that came one by one, as they do without quotation marks.
    """
    *before, last = arguments
    is_picture = Path(last).suffix.lower() in PICTURES or _is_file(last)
    if prompt is not None or not before or is_picture:
        return tuple(Path(one) for one in arguments), prompt or ""
    words = list(itertools.dropwhile(lambda one: not _is_word(one), arguments[1:]))
    if len(words) > 1 and " " not in last:
        sentence = terminal_catalogue().say("cli.misuse.unquoted", words=" ".join(words))
        raise OperatorError(sentence)
    return tuple(Path(one) for one in before), last


def _is_word(argument: str) -> bool:
    """No picture is named so, neither one that is there nor one that is missing."""
    return not (Path(argument).suffix or os.sep in argument or _is_file(argument))


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # too long for a name, or no text of one
        return False


def animate(config: Path | None, overrides: Mapping[str, object], order: Order) -> bool:
    """False where some picture of several failed; each of them fails by itself.

    Raises `AnimationError` kinds, of a single picture too, and `ConfigError`.
    """
    settings = load(overrides, config=config)
    logs.configure(level=logging.INFO if order.verbose else logging.WARNING)
    catalogue = terminal_catalogue()
    for picture in order.needed:
        check_picture(picture, catalogue)
    target = target_of(order.output, order.given, len(order.wishes), catalogue)
    if order.as_json and target == Stdout():
        raise OperatorError(catalogue.say("cli.output.both"))
    make_folder(target, catalogue)
    return asyncio.run(until_told_to_end(_animated(settings, order, target, catalogue)))


async def _animated(settings: Settings, order: Order, target: Target, catalogue: Catalogue) -> bool:
    choice = choose(settings, single=True)
    if sentence := notice(choice):
        typer.echo(sentence, err=True)
    with tempfile.TemporaryDirectory(prefix="photoplay-") as folder, bars_on_stderr() as bars:
        workspace = Workspace(Path(folder), keep_inputs=0, keep_clips=0)
        child = started_by(choice, settings, workspace)[0]
        async with ClipMaker(settings, child, workspace, catalogue) as maker:
            keyframes = len(order.keyframes)
            maker.check(order.options, end=order.end is not None, keyframes=keyframes)
            work = _Work(maker, order, target, bars, child, catalogue)
            wishes = order.wishes
            if len(wishes) == 1:
                await work.made(wishes[0])
                return True
            made = [await work.tried(wish) for wish in wishes]
    typer.echo(catalogue.say("cli.several", made=sum(made), asked=len(made)), err=True)
    return all(made)


class _Work:
    """One clip after the other, each with its bar; `child` knows what engine it became."""

    def __init__(
        self,
        maker: ClipMaker,
        order: Order,
        target: Target,
        bars: Progress,
        child: Served,
        catalogue: Catalogue,
    ) -> None:
        self._catalogue = catalogue
        self._maker = maker
        self._order = order
        self._target = target
        self._bars = bars
        self._child = child
        self._tasks = {
            wish: bars.add_task(self._said(wish, catalogue.say("cli.state.waiting")), total=None)
            for wish in order.wishes
        }

    async def tried(self, wish: Wish) -> bool:
        """False where it failed, which is said."""
        picture = wish.picture
        try:
            await self.made(wish)
        except AnimationError as error:
            self._show(wish, self._catalogue.say("cli.state.failed"))
            sentence = refusal(self._catalogue, error)
            if self._order.as_json:
                failed = {"code": error.code, "message": sentence}
                typer.echo(json.dumps({"image": str(picture), "error": failed}))
            else:
                typer.secho(f"photoplay: {plain(str(picture))}: {sentence}", err=True, fg="red")
            return False
        return True

    async def made(self, wish: Wish) -> None:
        """Raises `AnimationError` kinds."""
        try:
            await self._make(wish)
        except AnimationError:
            if self._order.verbose:
                log.exception("picture_failed", picture=str(wish.picture))
            raise

    async def _make(self, wish: Wish) -> None:
        began, picture = time.monotonic(), wish.picture
        check_picture(picture, self._catalogue)
        self._show(wish, self._catalogue.say("cli.phase.load"))
        extra = ExtraPictures(
            end=self._order.end,
            keyframes=tuple(
                KeyframePicture(at, path.read_bytes()) for at, path in self._order.keyframes
            ),
        )

        def told(report: Report) -> None:
            task = self._tasks[wish]
            show_report(self._bars, task, _name(wish), report, self._catalogue)

        made = await self._maker.make(picture, wish.options, extra, told)
        path = place(made.clip.path, self._target, picture, self._catalogue)
        made.clip.path.unlink(missing_ok=True)
        self._show(wish, self._catalogue.say("cli.state.done"))
        self._report(made, path, time.monotonic() - began)

    def _show(self, wish: Wish, state: str) -> None:
        self._bars.update(self._tasks[wish], description=self._said(wish, state))

    def _said(self, wish: Wish, state: str) -> str:
        return self._catalogue.say("options.pair", name=_name(wish), said=state)

    def _report(self, made: Made, path: str, elapsed: float) -> None:
        clip = made.clip
        if self._order.as_json:
            facts = clip_facts(clip, path, elapsed, self._child.capabilities.engine)
            typer.echo(json.dumps(facts))
            return
        aside = self._target == Stdout()  # the standard output is the clip's
        for note in noted(self._catalogue, made.notes):
            typer.echo(note, err=aside)
        sentence = self._catalogue.say(
            "cli.made",
            path=plain(path),
            width=clip.width,
            height=clip.height,
            seed=clip.seed,
            size=clip.size,
            elapsed=elapsed,
        )
        typer.secho(sentence, fg="green", err=aside)


def _name(wish: Wish) -> str:
    """As its bar is called."""
    number = f" #{wish.number + 1}" if wish.options.variations > 1 else ""
    return f"{plain(wish.picture.name)}{number}"
