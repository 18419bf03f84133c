"""One picture made ready for one clip: any of its frames can then be asked for."""

from __future__ import annotations

from generation.directions.vocabulary import Degree, Directions, Motion, Move, Speed
from generation.jobs import AnimationRequest
from generation.media.frames import Field, Picture
from generation.pipelines.camera.crop import Frame, focus_in, frame_in
from generation.pipelines.camera.depth_cues import nearness, pivot_in
from generation.pipelines.camera.depth_model import LearnedDepth
from generation.pipelines.camera.effects.frame_context import FrameContext
from generation.pipelines.camera.effects.painters import Painter, painters_for
from generation.pipelines.camera.moves import Pose, Room, Shots, plan
from generation.pipelines.camera.raster import reduced, stretched
from generation.pipelines.camera.render import Projector, Relief
from generation.pipelines.camera.saliency import saliency

GLANCE = 320
"""Long side in pixels of the copy from which saliency and depth are guessed."""
DETAIL = 640
"""The same for light, where a lamp is small."""
OWN_CHOICE = (Move(Motion.ZOOM_IN, Speed.SLOW), Move(Motion.PAN_RIGHT, Speed.SLOW, Degree.SLIGHT))


class Scene:
    def __init__(
        self, projector: Projector, poses: list[Pose], painters: list[Painter], fps: int
    ) -> None:
        self._projector = projector
        self._poses = poses
        self._painters = painters
        self._fps = fps

    def frame(self, index: int) -> Picture:
        """(height, width, 3)."""
        pose = self._poses[index]
        frame = self._projector.frame(pose)
        if self._painters:
            moment = self._moment(index, pose, frame)
            for painter in self._painters:
                frame = painter.paint(frame, moment)
        return frame

    def _moment(self, index: int, pose: Pose, plain: Picture) -> FrameContext:
        first = self._poses[0]
        return FrameContext(
            time=index / self._fps,
            progress=index / max(len(self._poses) - 1, 1),
            near=self._projector.near(pose),
            plain=plain,
            drift=((first.x - pose.x) / pose.scale, (first.y - pose.y) / pose.scale),
            seen=lambda field: self._projector.seen(field, pose),
        )


def prepared(
    picture: Picture,
    directions: Directions,
    request: AnimationRequest,
    depth: LearnedDepth | None = None,
) -> Scene:
    """`depth` sees better than the picture's own cues, where it is at hand."""
    height, width = picture.shape[:2]
    small = reduced(picture, GLANCE)
    salient = saliency(small)
    frame = frame_in(width, height, request.width, request.height, salient)
    near = nearness(small, salient) if depth is None else depth.nearness(small)
    relief = _relief(near, salient, frame, width, height)
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
        strength=request.motion_strength,
    )
    closest = min(pose.scale for pose in poses)
    projector = Projector(picture, relief, request.width, request.height, closest)
    return Scene(
        projector, poses, _painters(picture, relief.near, directions, request), request.fps
    )


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


def _relief(near: Field, salient: Field, frame: Frame, width: int, height: int) -> Relief:
    """Depth from the farthest to the nearest of what is shown: the rest may be cut off."""
    rows, columns = near.shape
    top = int((frame.y - frame.height / 2) / height * rows)
    left = int((frame.x - frame.width / 2) / width * columns)
    shown = (
        slice(top, top + max(1, round(frame.height / height * rows))),
        slice(left, left + max(1, round(frame.width / width * columns))),
    )
    near = stretched(near, 2, 98, within=near[shown])
    return Relief(near, pivot_in(near[shown], salient[shown]))


def _painters(
    picture: Picture, near: Field, directions: Directions, request: AnimationRequest
) -> list[Painter]:
    return painters_for(
        directions.effects,
        reduced(picture, DETAIL),
        near,
        width=request.width,
        height=request.height,
        fps=request.fps,
        seed=request.seed,
    )
