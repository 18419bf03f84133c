"""How a film was made: the words of its scenes in their order, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.catalogue import Catalogue
from bot.language.reasons import noted
from bot.language.wording import MESSAGE, Formatting, fitted
from generation.dispatch.views import View
from generation.media.recipe import Recipe
from generation.notes import WITHOUT


def film_recipe(
    catalogue: Catalogue, voice: Formatting, view: View, *, limit: int = MESSAGE
) -> str:
    """The words give way where the platform has no room, each scene's alike."""
    film = view.job
    made, clip = film.request, film.clip
    facts = [
        catalogue.say(
            "chat.recipe.frames",
            width=clip.width if clip else made.width,
            height=clip.height if clip else made.height,
            frames=clip.frames if clip else made.num_frames,
            fps=clip.fps if clip else made.fps,
            seconds=clip.frames / clip.fps if clip else made.seconds,
        )
    ]
    missing = [note for note in film.notes if note.code in WITHOUT]
    facts += [voice.escape(note) for note in noted(catalogue, missing)]
    share = (limit - voice.measure("\n".join(facts))) // len(view.scenes)
    return "\n".join([*_scenes(catalogue, voice, view, share), *facts])


def film_recipe_of_file(
    catalogue: Catalogue, voice: Formatting, scenes: Sequence[Recipe], *, limit: int = MESSAGE
) -> str:
    """The same of a film that somebody has, and what can be done."""
    after = catalogue.say("chat.film.whole")
    share = (limit - voice.measure(after) - 2) // len(scenes)
    told = [(one.prompt, one.frames / one.fps if one.fps else 0.0) for one in scenes]
    return "\n".join([*_lines(catalogue, voice, told, share), "", after])


def _scenes(catalogue: Catalogue, voice: Formatting, view: View, share: int) -> list[str]:
    requests = [scene.job.request for scene in view.scenes]
    told = [(request.prompt, request.seconds) for request in requests]
    return _lines(catalogue, voice, told, share)


def _lines(
    catalogue: Catalogue, voice: Formatting, scenes: Sequence[tuple[str, float]], share: int
) -> list[str]:
    lines = []
    for number, (prompt, seconds) in enumerate(scenes, start=1):
        before = f"{number}. "
        behind = f" ({catalogue.say('chat.label.seconds', seconds=seconds)})"
        room = share - voice.measure(before + behind) - 1
        words = fitted(prompt, voice, room) or catalogue.say("chat.asking.no_prompt")
        lines.append(f"{before}{words}{behind}")
    return lines
