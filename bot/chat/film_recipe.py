"""How a film was made: the words of its scenes in their order, and what holds for all of them."""

from __future__ import annotations

from bot.language.catalogue import Catalogue
from bot.language.reasons import noted
from bot.language.wording import MESSAGE, Formatting, fitted
from generation.dispatch.views import View
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


def _scenes(catalogue: Catalogue, voice: Formatting, view: View, share: int) -> list[str]:
    lines = []
    for number, scene in enumerate(view.scenes, start=1):
        request = scene.job.request
        before = f"{number}. "
        behind = f" ({catalogue.say('chat.label.seconds', seconds=request.seconds)})"
        room = share - voice.measure(before + behind) - 1
        words = fitted(request.prompt, voice, room) or catalogue.say("chat.asking.no_prompt")
        lines.append(f"{before}{words}{behind}")
    return lines
