"""Without a GPU a picture still comes to life: the camera moves over it and the weather changes."""

from __future__ import annotations

from typing import cast

import cv2

from generation.directions.describe import describe
from generation.directions.parse import directions_for
from generation.directions.vocabulary import Degree, Directions, Motion, Move, Speed
from generation.engine.protocol import Animation, Capabilities, PhaseName
from generation.errors import GenerationFailed
from generation.jobs import AnimationRequest
from generation.media.marking import DigitalSource
from generation.pipelines.camera.crop import focus_in, frame_in
from generation.pipelines.camera.depth import nearness, pivot_in
from generation.pipelines.camera.moves import Pose, Room, Shots, plan
from generation.pipelines.camera.profile import CAPABILITIES
from generation.pipelines.camera.raster import Picture, reduced
from generation.pipelines.camera.render import Projector, Relief
from generation.pipelines.camera.saliency import saliency
from generation.pipelines.protocol import Stage

THREADS = 2
"""The engine is meant to run beside a web server on two cores."""
GLANCE = 320
"""Long side in pixels of the copy from which saliency and depth are guessed."""
OWN_CHOICE = (Move(Motion.ZOOM_IN, Speed.SLOW), Move(Motion.PAN_RIGHT, Speed.SLOW, Degree.SLIGHT))
OWN_CHOICE_SAID = "Camera: a gentle zoom in with a slight drift, of the engine's own choice."


class CameraPipeline:
    capabilities: Capabilities = CAPABILITIES
    source = DigitalSource.ALGORITHMICALLY_ENHANCED

    def load(self) -> None:
        cv2.setNumThreads(THREADS)

    def render(self, animation: Animation, stage: Stage) -> None:
        stage.phase(PhaseName.PREPARE)
        request = animation.request
        picture = cv2.imread(str(animation.image), cv2.IMREAD_COLOR_RGB)
        if picture is None:
            raise GenerationFailed("The picture is gone; please send it again.")
        directions = directions_for(request.prompt, request.motion, request.effect)
        stage.note(said_of(directions))
        show(cast(Picture, picture), directions, request, stage)


def said_of(directions: Directions) -> str:
    if directions.shots:
        return describe(directions)
    return f"{OWN_CHOICE_SAID} {describe(directions)}".strip()


def show(picture: Picture, directions: Directions, request: AnimationRequest, stage: Stage) -> None:
    """Render and hand on one frame after the other: a clip in memory would be 160 MB."""
    poses, projector = _prepared(picture, directions, request)
    stage.phase(PhaseName.STEP)
    for index, pose in enumerate(poses):
        stage.frames(projector.frame(pose)[None])
        stage.step(index + 1, len(poses))


def shots_of(directions: Directions) -> Shots:
    """The shots with the engine's own choice where there is none."""
    shots = directions.shots or ((Move(Motion.AUTO),),)
    return tuple(
        tuple(
            real
            for move in shot
            for real in (OWN_CHOICE if move.motion is Motion.AUTO else (move,))
        )
        for shot in shots
    )


def _prepared(
    picture: Picture, directions: Directions, request: AnimationRequest
) -> tuple[list[Pose], Projector]:
    height, width = picture.shape[:2]
    small = reduced(picture, GLANCE)
    salient = saliency(small)
    near = nearness(small, salient)
    frame = frame_in(width, height, request.width, request.height, salient)
    relief = Relief(near, pivot_in(near, salient))
    room = Room(
        width=width,
        height=height,
        x=frame.x,
        y=frame.y,
        frame_width=frame.width,
        frame_height=frame.height,
        focus=focus_in(frame, salient, width, height),
        pivot=relief.pivot,
    )
    poses = plan(
        shots_of(directions),
        room,
        frames=request.num_frames,
        fps=request.fps,
        output_width=request.width,
        seed=request.seed,
    )
    closest = min(pose.scale for pose in poses)
    return poses, Projector(picture, relief, request.width, request.height, closest)
