"""Without a GPU a picture still comes to life: the camera moves over it and the weather changes."""

from __future__ import annotations

from collections.abc import Iterable

from generation.choices import chosen_first, nothing_asked
from generation.directions.describe import described
from generation.directions.parse import directions_for, refused
from generation.directions.vocabulary import Directions, Effect
from generation.engine.pipeline import OnLoading, Stage
from generation.engine.protocol import Animation, Capabilities
from generation.errors import GenerationFailed
from generation.events import PhaseName
from generation.jobs import AnimationRequest
from generation.media import opencv
from generation.media.frames import Frames, Picture
from generation.media.marking import DigitalSource
from generation.notes import Note
from generation.pipelines.camera.capabilities import CAPABILITIES
from generation.pipelines.camera.depth_model import WEIGHTS, LearnedDepth
from generation.pipelines.camera.earlier_clip import EarlierClip
from generation.pipelines.camera.ending import NAME
from generation.pipelines.camera.scene import Earlier, Scene, continued, place_of, prepared

THREADS = 2
"""The engine is meant to run beside a web server on two cores."""


class CameraPipeline:
    capabilities: Capabilities = CAPABILITIES
    source = DigitalSource.ALGORITHMICALLY_ENHANCED

    def __init__(self, depth_weights: str = WEIGHTS) -> None:
        self._depth_weights = depth_weights
        self._depth: LearnedDepth | None = None

    def load(self, _: OnLoading) -> None:
        opencv.use_threads(THREADS)
        self._depth = LearnedDepth.find(self._depth_weights)

    def render(self, animation: Animation, stage: Stage) -> None:
        stage.phase(PhaseName.PREPARE)
        request = animation.request
        picture = opencv.read_picture(animation.image)
        if picture is None:
            raise GenerationFailed("picture_gone")
        directions = directions_for(request.prompt, request.motion, request.effect)
        for note in notes_of(directions, request):
            stage.note(note)
        returns = request.loop or request.boomerang
        if request.extends is None or returns:
            show(picture, directions, request, stage, self._depth)
        else:
            clip = EarlierClip(animation.image.parent / request.extends, request)
            go_on(picture, directions, clip, stage, self._depth)


def notes_of(directions: Directions, request: AnimationRequest) -> list[Note]:
    chosen = [] if directions.shots else [Note("own_choice")]
    unwished = refused(request.prompt) if request.effect is Effect.AUTO else ()
    unheard = nothing_asked(request.prompt, request.motion, request.effect)
    overruled = chosen_first(request.prompt, request.motion, request.effect)
    return [*chosen, *described(directions, unwished), *overruled, *unheard]


def show(
    picture: Picture,
    directions: Directions,
    request: AnimationRequest,
    stage: Stage,
    depth: LearnedDepth | None = None,
) -> None:
    """Render and hand on one frame after the other: a clip in memory would be 160 MB."""
    scene = prepared(picture, directions, request, depth)
    _hand_on(scene, stage)


def go_on(
    picture: Picture,
    directions: Directions,
    clip: EarlierClip,
    stage: Stage,
    depth: LearnedDepth | None = None,
) -> None:
    """The earlier clip's own frames first, then what comes after them.

    Raises `GenerationFailed` where the clip is gone or does not fit.
    """
    request = clip.request
    place, ending = place_of(picture, request, depth), clip.ending
    if ending is None or ending.picture != place.known_by:
        place, ending = place_of(clip.last_frame(), request, depth), None
    earlier = Earlier(clip.frames, clip.effects, ending)
    scene = continued(place, directions, request, earlier)
    _hand_on(scene, stage, clip.batches())


def _hand_on(scene: Scene, stage: Stage, before: Iterable[Frames] = ()) -> None:
    stage.remember(NAME, scene.ending.to_text())
    stage.phase(PhaseName.STEP)
    for batch in before:
        stage.frames(batch)
    for index in range(len(scene)):
        stage.frames(scene.frame(index)[None])
        stage.step(index + 1, len(scene))
