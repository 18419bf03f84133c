"""The longer answers: a recipe, the line, what is used of the limits, what can be asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.language.catalogue import Catalogue
from bot.language.lineage import lineage_said
from bot.language.reasons import noted
from bot.language.wording import MESSAGE, Formatting, brief, fitted, status
from bot.submission.returned import request_of
from generation.dispatch.views import View
from generation.events import Finished, Hold, Waiting
from generation.images.geometry import MAX_FRAMES
from generation.images.limits import MAX_BYTES
from generation.jobs import AnimationRequest, Job
from generation.lineage import Lineage, lineage_of
from generation.media.recipe import Recipe
from generation.notes import Note, duration
from generation.store.quota import Standing

MINE_SHOWN = 10
"""Of somebody's own jobs in `/queue`: an exempt requester may have hundreds."""


def recipe(catalogue: Catalogue, voice: Formatting, job: Job, *, limit: int = MESSAGE) -> str:
    """How a clip was made; the prompts give way where the platform has no room."""
    request, clip = job.request, job.clip
    if clip is not None:
        request = replace(request, width=clip.width, height=clip.height, num_frames=clip.frames)
    facts = _facts(catalogue, request, job.engine)
    if (lineage := lineage_of(request)) is not None:
        facts.append(_lineage(catalogue, voice, lineage, request.remixed_from))
    said = _said_above(job)
    notes = noted(catalogue, [note for note in job.notes if note not in said])
    facts += [voice.escape(note) for note in notes]
    return _with_prompts(catalogue, voice, request, facts, limit)


def recipe_of_clip(
    catalogue: Catalogue, voice: Formatting, recipe: Recipe, *, limit: int = MESSAGE
) -> str:
    """The same of a clip that somebody has, by what it says of itself.

    Raises `UnsupportedOption` for what no clip of ours says.
    """
    request = request_of(recipe)
    facts = _facts(catalogue, request, voice.escape(brief(recipe.engine, voice, catalogue)))
    facts += lineage_said(catalogue, recipe.options)
    return _with_prompts(catalogue, voice, request, facts, limit)


def _lineage(catalogue: Catalogue, voice: Formatting, lineage: Lineage, earlier: str | None) -> str:
    sentence = catalogue.say(f"chat.recipe.lineage.{lineage}")
    return sentence if earlier is None else f"{sentence} ({voice.escape(earlier)})"


def _with_prompts(
    catalogue: Catalogue,
    voice: Formatting,
    request: AnimationRequest,
    facts: Sequence[str],
    limit: int,
) -> str:
    negative = request.negative_prompt
    room = limit - voice.measure("\n".join(facts))
    share = room // 3 if negative else 0
    lines = [_line(catalogue, "chat.recipe.prompt", "prompt", request.prompt, voice, room - share)]
    if negative:
        lines.append(_line(catalogue, "chat.recipe.negative", "negative", negative, voice, share))
    return "\n".join([*(line for line in lines if line), *facts])


def _line(
    catalogue: Catalogue, key: str, name: str, text: str, voice: Formatting, room: int
) -> str:
    around = voice.measure(catalogue.say(key, **{name: ""})) + 1
    shown = fitted(text, voice, room - around)
    return catalogue.say(key, **{name: shown}) if shown else ""


def _facts(catalogue: Catalogue, request: AnimationRequest, engine: str) -> list[str]:
    lines = [
        catalogue.say("chat.recipe.directions", motion=request.motion, effect=request.effect),
        catalogue.say(
            "chat.recipe.frames",
            width=request.width,
            height=request.height,
            frames=request.num_frames,
            fps=request.fps,
            seconds=request.seconds,
        ),
        catalogue.say("chat.recipe.engine", engine=engine, seed=request.seed),
    ]
    if request.num_inference_steps is not None:
        lines.append(catalogue.say("chat.recipe.steps", steps=request.num_inference_steps))
    if request.guidance_scale is not None:
        lines.append(catalogue.say("chat.recipe.guidance", guidance=float(request.guidance_scale)))
    if request.strength is not None:
        lines.append(catalogue.say("chat.recipe.strength", strength=float(request.strength)))
    if request.motion_strength is not None:
        lines.append(catalogue.say("chat.recipe.motion_strength", strength=request.motion_strength))
    if request.loop or request.boomerang:
        lines.append(catalogue.say("chat.recipe.loop"))
    return lines


def _said_above(job: Job) -> tuple[Note, ...]:
    """Notes that would repeat what the recipe says already."""
    request, clip = job.request, job.clip
    motion, effect = request.motion.value, request.effect.value
    return (
        duration(clip.frames if clip else request.num_frames, request.fps),
        Note("camera", shots=(f"{motion} normal normal",)),
        Note("weather", effects=(effect,)),
        Note("light", effects=(effect,)),
    )


def line(
    catalogue: Catalogue,
    voice: Formatting,
    mine: Sequence[View],
    waiting: int,
    running: int,
    held: Hold | None,
) -> str:
    """The person's own jobs first; of other people's only how many there are."""
    lines = [_mine(catalogue, voice, view) for view in mine[:MINE_SHOWN]]
    if not mine:
        nobody = waiting == running == 0 and held is None
        key = "chat.queue.empty" if nobody else "chat.queue.none_of_yours"
        lines.append(catalogue.say(key))
    if waiting or running:
        lines.append(catalogue.say("chat.queue.total", waiting=waiting, running=running))
    match held:
        case Hold.PAUSED | Hold.FAILING:
            lines.append(catalogue.say(f"chat.queue.{held}"))
        case Hold.EMPTYING:
            lines.append(catalogue.say("chat.queue.draining"))
        case None:
            pass
    return "\n".join(lines)


def _mine(catalogue: Catalogue, voice: Formatting, view: View) -> str:
    state, event = "", view.event
    if isinstance(event, Waiting):  # that the queue is held stands below all of them
        event = replace(event, held=None)
    if not isinstance(event, Finished):
        state = status(catalogue, voice, view.job, event, resumed=False)
    prompt = brief(view.job.request.prompt, voice, catalogue)
    return catalogue.say("chat.queue.yours", state=state, prompt=prompt)


def quota(catalogue: Catalogue, voice: Formatting, standing: Standing) -> str:
    """What is used and left of each limit, and when the next clip is free."""
    limits, usage = standing.limits, standing.usage
    if limits.queued_per_user is None and limits.per_hour is None and limits.per_day is None:
        return catalogue.say("chat.quota.exempt")
    lines = []
    if limits.queued_per_user is not None:
        lines.append(
            catalogue.say("chat.quota.active", used=usage.active, limit=limits.queued_per_user)
        )
    for plain, full, used, most, free_at in (
        (
            "chat.quota.hour",
            "chat.quota.hour_free",
            usage.hour,
            limits.per_hour,
            usage.hour_free_at,
        ),
        ("chat.quota.day", "chat.quota.day_free", usage.day, limits.per_day, usage.day_free_at),
    ):
        if most is None:
            continue
        if used >= most and free_at is not None:
            when = voice.moment(datetime.fromtimestamp(free_at, UTC))
            lines.append(catalogue.say(full, used=used, limit=most, when=when))
        else:
            lines.append(catalogue.say(plain, used=used, limit=most, left=max(most - used, 0)))
    return "\n".join(lines)


def guide(catalogue: Catalogue, *, fps: int, options: Collection[str]) -> str:
    """What can be asked; `fps` gives the longest clip its seconds, `options` are the engine's."""
    buttons = "buttons" if {"extends", "loop"} <= set(options) else "few_buttons"
    doubling = [catalogue.say("chat.help.upscale")] if "upscales" in options else []
    megabytes, seconds = MAX_BYTES // 10**6, MAX_FRAMES / fps
    return "\n".join(
        [
            catalogue.say("chat.help.intro"),
            catalogue.say("chat.help.animate"),
            catalogue.say("chat.help.storyboard"),
            catalogue.say(f"chat.help.{buttons}"),
            *doubling,
            catalogue.say("chat.help.queue"),
            catalogue.say("chat.help.videos"),
            catalogue.say("chat.help.limits", megabytes=megabytes, seconds=seconds),
        ]
    )
