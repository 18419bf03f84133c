"""Joins finished clips into one: a film appears complete and durable, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from generation.jobs import Clip
from generation.media import h264
from generation.media.atomic_publish import Publication
from generation.media.errors import encoding_failure
from generation.media.ffmpeg import run
from generation.media.joining.film import FilmScene, FilmShape, FilmStyle, Timeline, timeline
from generation.media.joining.film_recipe import film_recipe
from generation.media.joining.pieces import PieceMaker, pieces
from generation.media.joining.scene_clip import SceneClip, read_scene_clip
from generation.media.joining.sound_track import OUTPUT, sound_graph
from generation.media.marking import DigitalSource, mark, source_of
from generation.media.mp4_boxes import BrokenClip
from generation.media.probe import probe
from generation.media.provenance import Signer, sign
from generation.media.recipe import read_recipe
from generation.media.stills import small_picture

TITLE = 100
"""Characters of a chapter's name: players show a line of it."""


def join(
    scenes: Sequence[FilmScene],
    target: Path,
    style: FilmStyle,
    recipe: Mapping[str, object],
    *,
    thumbnail: Path | None = None,
    signer: Signer | None = None,
) -> Clip:
    """Write `target`, and a picture that stands for it; both folders exist.

    Size and rate are the first scene's. `recipe` is written beside the style and every scene's
    own. Blocks; a killed process leaves temporary files named `.*.part` beside the target.

    Raises `EncodingFailed` and its kinds, `ValueError` for no scene at all or a recipe that has
    no room.
    """
    if not scenes:
        raise ValueError("a film has scenes")
    files = Publication(target, thumbnail)
    try:
        return _joined(scenes, files, style, recipe, signer)
    except (OSError, BrokenClip) as error:
        raise encoding_failure(str(error)) from error
    finally:
        files.discard()


def _joined(
    scenes: Sequence[FilmScene],
    files: Publication,
    style: FilmStyle,
    recipe: Mapping[str, object],
    signer: Signer | None,
) -> Clip:
    sources = [read_scene_clip(scene.clip) for scene in scenes]
    shape = sources[0].shape
    lengths = tuple(shape.frames_of(one.pictures.samples, one.fps) for one in sources)
    times = timeline(lengths, style, shape.fps)
    comment = film_recipe({**recipe, "frames": times.total}, scenes, style, shape)
    made = PieceMaker(shape, style.fit, files).made(pieces(sources, times))
    tags = h264.ffmetadata(comment) + _chapters(scenes, times, shape.fps)
    files.metadata.write_text(tags, encoding="utf-8")
    _write(sources, made, times, shape, files)
    origin = _origin(scenes)
    mark(files.video, origin)
    video = _signed(files, signer, origin)
    sounds = any(source.sounds for source in sources)
    _check(video, shape, times.total, comment, sounds=sounds)
    size = video.stat().st_size
    files.publish(video, small_picture(video) if files.thumbnail else None)
    seed = _seed(scenes[0])
    return Clip(files.clip, shape.width, shape.height, times.total, shape.fps, seed, size)


def _write(
    sources: Sequence[SceneClip],
    made: Sequence[Path],
    times: Timeline,
    shape: FilmShape,
    files: Publication,
) -> None:
    """The pieces behind each other, not encoded again, the sound beside them, tags, chapters."""
    listed = files.further("list")
    listed.write_text("ffconcat version 1.0\n" + "".join(map(_entry, made)), encoding="utf-8")
    sounding = [source.clip for source in sources if source.sounds]
    inputs = ["-f", "concat", "-safe", "0", "-auto_convert", "0", "-i", f"file:{listed}"]
    inputs += [argument for clip in sounding for argument in ("-i", f"file:{clip}")]
    inputs += ["-f", "ffmetadata", "-i", f"file:{files.metadata}"]
    tags = str(1 + len(sounding))
    output = ["-map", "0:v:0", "-map_metadata", tags, "-map_chapters", tags, "-c:v", "copy"]
    graph = sound_graph(sources, times, shape.fps, first=1)
    if graph is not None:
        output += ["-filter_complex", graph, "-map", "[sound]", *OUTPUT]
    reads = [listed, *made, *sounding, files.metadata]
    last = ["-movflags", "+faststart", "-f", "mp4"]
    run([*inputs, *output, *last], reads=reads, writes=files.video)


def _entry(piece: Path) -> str:
    """Its own length, since that of its sound may differ (ffmpeg-formats, "concat")."""
    track = read_scene_clip(piece).pictures
    name = str(piece.absolute()).replace("'", "'\\''")
    return f"file '{name}'\nduration {track.ticks / track.timescale:.6f}\n"


def _chapters(scenes: Sequence[FilmScene], times: Timeline, fps: int) -> str:
    ends = (*times.chapters[1:], times.total)
    return "".join(
        h264.chapter(start, end, fps, " ".join(scene.title.split())[:TITLE])
        for scene, start, end in zip(scenes, times.chapters, ends, strict=True)
    )


def _origin(scenes: Sequence[FilmScene]) -> DigitalSource:
    """A model's if any scene is a model's."""
    trained = DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    if any(source_of(scene.clip) is trained for scene in scenes):
        return trained
    return DigitalSource.ALGORITHMICALLY_ENHANCED


def _signed(files: Publication, signer: Signer | None, origin: DigitalSource) -> Path:
    if signer is None:
        return files.video
    sign(files.video, files.signed, signer, source=origin, title=files.clip.name)
    return files.signed


def _seed(scene: FilmScene) -> int:
    recipe = read_recipe(scene.clip)
    return 0 if recipe is None else recipe.seed


def _check(video: Path, shape: FilmShape, frames: int, comment: str, *, sounds: bool) -> None:
    """Raises `BrokenClip` where the film is not as it has to be."""
    got, steady = probe(video), read_scene_clip(video).pictures.steady
    wrong = [
        f"{name} is {found!r}, not {due!r}"
        for name, found, due in (
            ("size", (got.width, got.height), (shape.width, shape.height)),
            ("frames", got.frames, frames),
            ("fps", got.fps, shape.fps),
            ("steady", steady, True),
            ("format", (got.codec, got.profile, got.pix_fmt), ("h264", "High", "yuv420p")),
            ("recipe intact", got.comment == comment, True),
            ("moov first", got.moov_first, True),
            ("audio", got.has_audio, sounds),
        )
        if found != due
    ]
    if wrong:
        raise BrokenClip("; ".join(wrong))
