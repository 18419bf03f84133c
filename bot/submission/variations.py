"""Several clips of one wish, of which people pick one: alike in everything but the seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.submission.intake import MAX_SEED
from generation.errors import Expired
from generation.jobs import AnimationRequest, Job, Keyframe, Requester, Variation
from generation.notes import Note
from generation.workspace import Workspace


def variations_of(
    request: AnimationRequest, count: int, workspace: Workspace
) -> tuple[AnimationRequest, ...]:
    """The request itself, and others with the seeds after its own, each with its own pictures:
    one may be deleted before the others are made.

    Raises `Expired` and leaves no picture then.
    """
    if count == 1:
        return (request,)
    names: list[str] = []

    def own(name: str) -> str:
        names.append(workspace.duplicate(workspace.input(name)))
        return names[-1]

    try:
        others = [_with_pictures(request, step, own) for step in range(1, count)]
    except FileNotFoundError:
        workspace.remove_inputs([*request.inputs, *names])
        raise Expired("picture") from None
    return tuple(
        replace(
            one,
            variation=Variation(number, count),
            notes=(*one.notes, Note("variation", number=number, count=count)),
        )
        for number, one in enumerate([request, *others], start=1)
    )


def standing_for(request: AnimationRequest, drafted: Job, asker: Requester) -> AnimationRequest:
    """A variation's draft in full is that variation, for who asked for both."""
    variation = drafted.request.variation
    if variation is None or not request.in_full or drafted.requester != asker:
        return request
    note = Note("variation", number=variation.number, count=variation.count)
    return replace(request, variation=variation, notes=(*request.notes, note))


def _with_pictures(
    request: AnimationRequest, step: int, own: Callable[[str], str]
) -> AnimationRequest:
    return replace(
        request,
        seed=(request.seed + step) % (MAX_SEED + 1),
        image=own(request.image),
        end_image=None if request.end_image is None else own(request.end_image),
        keyframes=tuple(Keyframe(one.frame, own(one.image)) for one in request.keyframes),
        extends=None if request.extends is None else own(request.extends),
    )
