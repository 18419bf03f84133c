"""Without a GPU a picture still comes to life: the camera moves over it and the weather changes."""

from __future__ import annotations

from generation.directions.describe import described, nothing_asked
from generation.directions.parse import directions_for
from generation.directions.vocabulary import Directions
from generation.engine.pipeline import OnLoading, Stage
from generation.engine.protocol import Animation, Capabilities
from generation.errors import GenerationFailed
from generation.events import PhaseName
from generation.jobs import AnimationRequest
from generation.media import opencv
from generation.media.frames import Picture
from generation.media.marking import DigitalSource
from generation.notes import Note
from generation.pipelines.camera.capabilities import CAPABILITIES
from generation.pipelines.camera.depth_model import WEIGHTS, LearnedDepth
from generation.pipelines.camera.scene import prepared

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
        show(picture, directions, request, stage, self._depth)


def notes_of(directions: Directions, request: AnimationRequest) -> list[Note]:
    chosen = [] if directions.shots else [Note("own_choice")]
    unheard = nothing_asked(request.prompt, request.motion, request.effect)
    return [*chosen, *described(directions), *unheard]


def show(
    picture: Picture,
    directions: Directions,
    request: AnimationRequest,
    stage: Stage,
    depth: LearnedDepth | None = None,
) -> None:
    """Render and hand on one frame after the other: a clip in memory would be 160 MB."""
    scene = prepared(picture, directions, request, depth)
    stage.phase(PhaseName.STEP)
    for index in range(request.num_frames):
        stage.frames(scene.frame(index)[None])
        stage.step(index + 1, request.num_frames)
