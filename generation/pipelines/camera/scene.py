"""One picture made ready for one clip: any of its frames can then be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed
from generation.jobs import AnimationRequest
from generation.media import opencv
from generation.media.frames import Field, Picture
from generation.pipelines.camera.continuation import going_on
from generation.pipelines.camera.crop import Frame, focus_in, frame_in
from generation.pipelines.camera.depth_cues import nearness, pivot_in
from generation.pipelines.camera.depth_model import LearnedDepth
from generation.pipelines.camera.effects.frame_context import FrameContext
from generation.pipelines.camera.effects.painters import Painter, painters_for
from generation.pipelines.camera.ending import Ending, sum_of
from generation.pipelines.camera.moves import Pose, Room, Shots, plan
from generation.pipelines.camera.raster import reduced, stretched
from generation.pipelines.camera.render import Projector, Relief, base_of
from generation.pipelines.camera.saliency import saliency
from generation.pipelines.camera.timing import Course, onward, round_trip
from generation.pipelines.camera.weather import (
    Since,
    Weather,
    WeatherLayer,
    around,
    lasting,
    passing,
    turning,
)

GLANCE = 320
"""Long side in pixels of the copy from which saliency and depth are guessed."""
DETAIL = 640
"""The same for light, where a lamp is small."""
OWN_CHOICE = (Move(Motion.ZOOM_IN, Speed.SLOW), Move(Motion.PAN_RIGHT, Speed.SLOW, Degree.SLIGHT))


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A picture and where in it the camera may go; `known_by` is its sum."""

    picture: Picture
    relief: Relief
    room: Room
    known_by: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """The clip that another one goes on from: its frames, what was seen in it, how it left off.

    `ending` is `None` where nobody knows, or where it was of another picture.
    """

    frames: int
    effects: tuple[Effect, ...]
    ending: Ending | None


class Scene:
    """Its frames are those after an earlier clip, where there is one."""

    def __init__(
        self,
        place: Viewpoint,
        poses: list[Pose],
        weather: Weather,
        request: AnimationRequest,
        since: Ending,
    ) -> None:
        self._place = place
        self._poses = poses
        self._weather = weather
        self._since = since
        closest = base_of(since.closest, min(pose.scale for pose in poses))
        self._closest = closest
        self._projector = Projector(
            place.picture, place.relief, request.width, request.height, closest
        )

    def __len__(self) -> int:
        return len(self._poses)

    def frame(self, index: int) -> Picture:
        """(height, width, 3)."""
        pose = self._poses[index]
        frame = plain = self._projector.frame(pose)
        for layer in self._weather(index):
            painted = self._painted(plain, layer, pose)
            whole = layer.share >= 1
            frame = painted if whole else opencv.mix(frame, painted, layer.share)
        return frame

    @property
    def ending(self) -> Ending:
        """For whoever goes on from it."""
        before, last = self._poses[-2:]
        layer = self._weather(len(self) - 1)[-1]
        return Ending(
            last,
            before,
            self._since.origin,
            self._closest,
            layer.time,
            layer.progress,
            self._since.seed,
            self._place.known_by,
        )

    def _painted(self, plain: Picture, layer: WeatherLayer, pose: Pose) -> Picture:
        if not layer.painters:
            return plain
        frame, x, y = plain, *self._since.origin
        moment = FrameContext(
            time=layer.time,
            progress=layer.progress,
            near=self._projector.near(pose),
            plain=plain,
            drift=((x - pose.x) / pose.scale, (y - pose.y) / pose.scale),
            seen=lambda field: self._projector.seen(field, pose),
        )
        for painter in layer.painters:
            frame = painter.paint(frame, moment)
        return frame


def prepared(
    picture: Picture,
    directions: Directions,
    request: AnimationRequest,
    depth: LearnedDepth | None = None,
) -> Scene:
    """`depth` sees better than the picture's own cues, where it is at hand."""
    place, course = place_of(picture, request, depth), course_of(request)
    poses = plan(
        shots_of(directions),
        place.room,
        course,
        output_width=request.width,
        seed=request.seed,
        strength=request.motion_strength,
    )
    painters = _painters(place, directions.effects, request, request.seed)
    weather = around if course.returns else passing
    first = poses[0]
    closest = min(pose.scale for pose in poses)
    since = Ending(first, first, (first.x, first.y), closest, 0.0, 0.0, request.seed, 0)
    return Scene(place, poses, weather(painters, course.frames, course.fps), request, since)


def continued(
    place: Viewpoint, directions: Directions, request: AnimationRequest, earlier: Earlier
) -> Scene:
    """What comes after the earlier clip; `place` is of its last frame where its ending is lost."""
    ending = earlier.ending or _whole(place, request, earlier.frames)
    new = request.num_frames - earlier.frames
    poses = going_on(
        shots_of(directions),
        place.room,
        onward(new + 1, request.fps, before=max(round(ending.time * request.fps), 0)),
        ending,
        output_width=request.width,
        seed=ending.seed,
        strength=request.motion_strength,
    )
    weather = _weather_after(place, directions.effects, request, earlier, ending)
    return Scene(place, poses, weather, request, ending)


def _weather_after(
    place: Viewpoint,
    effects: tuple[Effect, ...],
    request: AnimationRequest,
    earlier: Earlier,
    ending: Ending,
) -> Weather:
    """The same goes on. What a frame shows already is not painted over it again."""
    old, asked, new = earlier.effects, effects, request.num_frames - earlier.frames
    if earlier.ending is None:
        old, asked = (), tuple(effect for effect in effects if effect not in earlier.effects)
    before = lasting(
        _painters(place, old, request, ending.seed),
        Since(ending.time, ending.progress),
        new,
        request.fps,
    )
    if asked == old:
        return before
    painters = _painters(place, asked, request, ending.seed)
    after = lasting(painters, Since(ending.time, 0.0), new, request.fps)
    return turning(before, after, new, request.fps)


def _whole(place: Viewpoint, request: AnimationRequest, frames: int) -> Ending:
    """A camera at rest that shows all there is."""
    room = place.room
    scale = room.frame_width / request.width
    pose, time = Pose(room.x, room.y, scale), (frames - 1) / request.fps
    return Ending(pose, pose, (room.x, room.y), scale, time, 0.0, request.seed, place.known_by)


def course_of(request: AnimationRequest) -> Course:
    if request.boomerang or request.loop:
        return round_trip(request.num_frames, request.fps, from_the_end=request.boomerang)
    return onward(request.num_frames, request.fps)


def place_of(
    picture: Picture, request: AnimationRequest, depth: LearnedDepth | None = None
) -> Viewpoint:
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
    return Viewpoint(picture, relief, room, sum_of(small))


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
    place: Viewpoint, effects: tuple[Effect, ...], request: AnimationRequest, seed: int
) -> list[Painter]:
    return painters_for(
        effects,
        reduced(place.picture, DETAIL),
        place.relief.near,
        width=request.width,
        height=request.height,
        fps=request.fps,
        seed=seed,
    )
