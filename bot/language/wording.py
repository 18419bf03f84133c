"""From a job, an event or an outcome to the sentences a person reads; pure, for every chat."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.language.catalogue import Catalogue
from generation.errors import AnimationError
from generation.events import Cancelled, Failed, Outcome, PhaseName, Running, Succeeded, Waiting
from generation.images.geometry import duration_sentence
from generation.jobs import Job

CELLS = 10
"""Cells of a progress bar: as wide as a phone shows it on one line."""

MESSAGE = 2000
"""Characters of a Discord message (Telegram takes 4096)."""

CAPTION = 1024
"""Characters of a Telegram caption."""

PROMPT = 300
"""Characters of a prompt repeated under a clip: it is a reminder, the recipe has all of it."""

BRIEF = 80
"""Characters of a prompt in a list."""

FAILURES = {
    "engine_crashed": "chat.failure.engine_crashed",
    "out_of_memory": "chat.failure.out_of_memory",
    "timed_out": "chat.failure.timed_out",
    "generation_failed": "chat.failure.generation_failed",
}
REFUSALS = {
    "invalid_image": "chat.refusal.invalid_image",
    "image_too_large": "chat.refusal.image_too_large",
    "invalid_prompt": "chat.refusal.invalid_prompt",
    "unsupported_option": "chat.refusal.unsupported_option",
    "quota_exceeded": "chat.refusal.quota_exceeded",
    "queue_full": "chat.refusal.queue_full",
    "job_not_found": "chat.refusal.job_not_found",
    "expired": "chat.refusal.expired",
    "not_allowed": "chat.refusal.not_allowed",
    "unwelcome": "chat.refusal.unwelcome",
    "blocked": "chat.refusal.blocked",
}


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
            line = _place(catalogue, voice, event)
            return f"{catalogue.say('chat.waiting.resumed')}\n{line}" if resumed else line
        case Running():
            return _progress(catalogue, event)


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
    seconds = f"{made.frames / made.fps:.1f}".removesuffix(".0")
    facts = catalogue.say("chat.result.facts", seconds=seconds, seed=made.seed)
    length = f"{duration_sentence(made.frames, made.fps)}."  # which the line above says already
    notes = [voice.escape(note) for note in clip.notes if note != length]
    while notes and voice.measure("\n".join([facts, *notes])) > limit:
        notes.pop()
    rest = "\n".join([facts, *notes])
    if not job.request.prompt:
        return rest
    room = limit - voice.measure(rest) - 1
    prompt = fitted(job.request.prompt[:PROMPT], voice, room, more=len(job.request.prompt) > PROMPT)
    return f"{prompt}\n{rest}" if prompt else rest


def failure(catalogue: Catalogue, voice: Formatting, job: Job, outcome: Failed) -> str:
    """An apology that names the job, so that the operator can look it up."""
    reason = outcome.message
    if catalogue.locale != "en":
        reason = catalogue.say(FAILURES.get(outcome.code, "chat.failure.generation_failed"))
    return catalogue.say("chat.result.failed", reason=voice.escape(reason), job=job.id)


def refusal(catalogue: Catalogue, error: AnimationError) -> str:
    """English: the exact sentence. Elsewhere: one for this kind of error, with that in brackets."""
    if catalogue.locale == "en":
        return error.message
    sentence = catalogue.say(REFUSALS.get(error.code, "chat.refusal.rejected"))
    return f"{sentence} ({error.message})"


def fitted(text: str, voice: Formatting, limit: int, *, more: bool = False) -> str:
    """Somebody's text, escaped, in at most `limit`; cut before it is escaped, never within.

    `more`: it was cut before. Empty where not even one character has room.
    """
    whole = voice.escape(text)
    if not more and voice.measure(whole) <= limit:
        return whole

    def cut(length: int) -> str:
        return voice.escape(text[:length].rstrip()) + "…"

    fits = bisect_right(range(len(text) + 1), limit, key=lambda length: voice.measure(cut(length)))
    return cut(fits - 1) if fits > 1 else ""


def brief(prompt: str, voice: Formatting, catalogue: Catalogue) -> str:
    """A prompt as it stands in a list."""
    if not prompt:
        return catalogue.say("chat.asking.no_prompt")
    return fitted(prompt, voice, BRIEF)


def duration(catalogue: Catalogue, seconds: float) -> str:
    """`about 40 s`: steps of ten under a minute and a half, since it is an estimate."""
    if seconds < 10:
        return catalogue.say("chat.time.seconds", count=max(round(seconds), 1))
    if seconds < 90:
        return catalogue.say("chat.time.seconds", count=round(seconds / 10) * 10)
    if seconds < 5400:
        return catalogue.say("chat.time.minutes", count=round(seconds / 60))
    return catalogue.say("chat.time.hours", count=round(seconds / 3600))


def bar(step: int, steps: int) -> str:
    done = CELLS * min(step, steps) // steps if steps else 0
    return "▰" * done + "▱" * (CELLS - done)


def _place(catalogue: Catalogue, voice: Formatting, event: Waiting) -> str:
    place = _ordinal(event.position) if catalogue.locale == "en" else str(event.position)
    length = max(event.length, event.position)
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


def _steps(catalogue: Catalogue, event: Running) -> str:
    if not event.steps:
        return catalogue.say("chat.running.step")
    drawn = bar(event.step, event.steps)
    if event.eta_seconds is None:
        return catalogue.say("chat.running.progress", bar=drawn, step=event.step, steps=event.steps)
    left = duration(catalogue, event.eta_seconds)
    return catalogue.say(
        "chat.running.progress_left", bar=drawn, step=event.step, steps=event.steps, left=left
    )


def _ordinal(number: int) -> str:
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def outdated(catalogue: Catalogue) -> str:
    """The answer to a button that we do not know any more."""
    return catalogue.say("chat.asking.outdated_button")
