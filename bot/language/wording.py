"""From a job, an event or an outcome to the sentences a person reads; pure, for every chat."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.language.catalogue import Catalogue
from bot.language.reasons import failed, noted
from generation.events import Cancelled, Failed, Outcome, PhaseName, Running, Succeeded, Waiting
from generation.jobs import Clip, Job, JobKind
from generation.notes import duration

CELLS = 10
"""Cells of a progress bar: as wide as a phone shows it on one line."""

MESSAGE = 2000
"""Characters of a Discord message (Telegram takes 4096)."""

CAPTION = 1024
"""Characters of a Telegram caption."""

PROMPT = 300
"""Characters of a prompt repeated under a clip: it is a reminder, the recipe has all of it."""

BLANKS = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters and a symbol by name, of which nothing is seen: fillers and an empty Braille cell."""

BRIEF = 80
"""Characters of a prompt in a list."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Formatting:
    """How one platform writes: `escape` makes a person's text plain, `moment` shows a time.

    `measure` counts a text as the platform's limits do.
    """

    escape: Callable[[str], str]
    moment: Callable[[datetime], str]
    measure: Callable[[str], int] = len
    now: Callable[[], datetime] = _now


def status(
    catalogue: Catalogue, voice: Formatting, job: Job, event: Waiting | Running, *, resumed: bool
) -> str:
    """What the status message says: the place in line, or how far the clip is."""
    match event:
        case Waiting():
            before = [catalogue.say("chat.waiting.resumed")] if resumed else []
            after = [catalogue.say(f"chat.queue.{event.held}")] if event.held is not None else []
            return "\n".join([*before, _place(catalogue, voice, event), *after])
        case Running():
            return _film(catalogue, event) if event.scenes else _progress(catalogue, event)


def ending(
    catalogue: Catalogue, voice: Formatting, job: Job, outcome: Outcome, *, limit: int = MESSAGE
) -> str:
    """What the person is told at the end, whatever it is."""
    match outcome:
        case Succeeded():
            return caption(catalogue, voice, job, outcome, limit=limit)
        case Failed():
            return failure(catalogue, voice, job, outcome)
        case Cancelled():
            return catalogue.say("chat.result.cancelled")


def caption(
    catalogue: Catalogue, voice: Formatting, job: Job, clip: Succeeded, *, limit: int = CAPTION
) -> str:
    """The prompt, length, seed and notes of a clip; the prompt gives way, then the notes."""
    made = clip.clip
    facts = _facts(catalogue, job, made)
    length = duration(made.frames, made.fps)  # which the line above says already
    others = [note for note in clip.notes if note != length]
    notes = [voice.escape(note) for note in noted(catalogue, others)]
    while notes and voice.measure("\n".join([facts, *notes])) > limit:
        notes.pop()
    rest = "\n".join([facts, *notes])
    if not job.request.prompt:
        return rest
    room = limit - voice.measure(rest) - 1
    prompt = fitted(job.request.prompt[:PROMPT], voice, room, more=len(job.request.prompt) > PROMPT)
    return f"{prompt}\n{rest}" if prompt else rest


def _facts(catalogue: Catalogue, job: Job, made: Clip) -> str:
    """A film has as many seeds as scenes."""
    seconds = made.frames / made.fps
    if job.kind is JobKind.FILM:
        return catalogue.say("chat.label.seconds", seconds=seconds)
    return catalogue.say("chat.result.facts", seconds=seconds, seed=made.seed)


def failure(catalogue: Catalogue, voice: Formatting, job: Job, outcome: Failed) -> str:
    """An apology that names the job, so that the operator can look it up."""
    reason = voice.escape(failed(catalogue, outcome))
    return catalogue.say("chat.result.failed", reason=reason, job=job.id)


def fitted(text: str, voice: Formatting, limit: int, *, more: bool = False) -> str:
    """Somebody's text, escaped, in at most `limit`; cut before it is escaped, never within.

    `more`: it was cut before. Empty where not even one character has room, or none can be seen.
    """
    if not any(map(_visible, text)):
        return ""
    whole = voice.escape(text)
    if not more and voice.measure(whole) <= limit:
        return whole

    def cut(length: int) -> str:
        return voice.escape(text[:length].rstrip()) + "…"

    fits = bisect_right(range(len(text) + 1), limit, key=lambda length: voice.measure(cut(length)))
    return cut(fits - 1) if fits > 1 else ""


def brief(prompt: str, voice: Formatting, catalogue: Catalogue) -> str:
    """A prompt as it stands in a list."""
    return fitted(prompt, voice, BRIEF) or catalogue.say("chat.asking.no_prompt")


def _visible(char: str) -> bool:
    """Neither a space nor what only changes or joins others."""
    return unicodedata.category(char)[0] in "LNPS" and char not in BLANKS


def bar(step: int, steps: int) -> str:
    done = CELLS * min(step, steps) // steps if steps else 0
    return "▰" * done + "▱" * (CELLS - done)


def _place(catalogue: Catalogue, voice: Formatting, event: Waiting) -> str:
    place, length = event.position, max(event.length, event.position)
    if event.starts_in is None:
        if event.position == 1:
            return catalogue.say("chat.waiting.next")
        return catalogue.say("chat.waiting.place", place=place, length=length)
    when = voice.moment(voice.now() + timedelta(seconds=event.starts_in))
    if event.position == 1:
        return catalogue.say("chat.waiting.next_starts", when=when)
    return catalogue.say("chat.waiting.place_starts", place=place, length=length, when=when)


def _progress(catalogue: Catalogue, event: Running) -> str:
    match event.phase:
        case PhaseName.LOAD:
            return catalogue.say("chat.running.load")
        case PhaseName.PREPARE:
            return catalogue.say("chat.running.prepare")
        case PhaseName.STEP:
            return _steps(catalogue, event)
        case PhaseName.DECODE:
            return catalogue.say("chat.running.decode", bar=bar(1, 1))
        case PhaseName.ENCODE:
            return catalogue.say("chat.running.encode", bar=bar(1, 1))


def _film(catalogue: Catalogue, event: Running) -> str:
    """Which scene is being made, or that all of them are put together."""
    drawn = bar(event.step, event.steps)
    if event.phase is PhaseName.ENCODE:
        return catalogue.say("chat.film.joining", bar=drawn)
    which = {"scene": event.scene, "scenes": event.scenes}
    if event.eta_seconds is None:
        return catalogue.say("chat.film.scene", bar=drawn, **which)
    return catalogue.say("chat.film.scene_left", bar=drawn, **which, left=event.eta_seconds)


def _steps(catalogue: Catalogue, event: Running) -> str:
    if not event.steps:
        return catalogue.say("chat.running.step")
    drawn = bar(event.step, event.steps)
    if event.eta_seconds is None:
        return catalogue.say("chat.running.progress", bar=drawn, step=event.step, steps=event.steps)
    left, step, steps = event.eta_seconds, event.step, event.steps
    return catalogue.say("chat.running.progress_left", bar=drawn, step=step, steps=steps, left=left)


def outdated(catalogue: Catalogue) -> str:
    """The answer to a button that we do not know any more."""
    return catalogue.say("chat.asking.outdated_button")
