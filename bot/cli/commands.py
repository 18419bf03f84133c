"""The commands and their options; what they do lives beside, imported when it is asked for."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.cli import values
from bot.cli.parameters import AsJson, Config, DataDir, EngineName, Output, Verbose
from bot.cli.queue_commands import queue
from generation.directions.vocabulary import Effect, Motion

app = typer.Typer(
    name="photoplay",
    help="Pictures brought to life: a queue, an engine, and the places people ask from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its tables call a flag <bool>
)
app.add_typer(queue, name="queue")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"photoplay {version('photoplay')}")
        raise typer.Exit


@app.callback()
def root(
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Say which."),
    ] = False,
) -> None:
    """Pictures brought to life: a queue, an engine, and the places people ask from."""


@app.command()
def run(
    config: Config = None,
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="Address of the page (web.host).")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the page (web.port).")] = None,
    engine: Annotated[EngineName | None, typer.Option(help="engine.name.")] = None,
    verbose: Verbose = False,
) -> None:
    """Serve the page and every configured chat until Ctrl-C or SIGTERM."""
    from bot.cli.run import serve

    overrides = {
        "data_dir": data_dir,
        "web.host": host,
        "web.port": port,
        "engine.name": engine.value if engine else None,
    }
    serve(config, overrides, verbose=verbose)


@app.command()
def animate(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="IMAGE",
            help="The pictures (JPEG, PNG, WebP, HEIC and others) or clips of photoplay's, "
            "then, in quotes, the prompt.",
        ),
    ],
    prompt: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="What should happen; all arguments are pictures then."),
    ] = None,
    output: Output = None,
    motion: Annotated[Motion, typer.Option(help="What the camera does.")] = Motion.AUTO,
    effect: Annotated[Effect, typer.Option(help="Weather or time of day.")] = Effect.AUTO,
    seconds: Annotated[
        float | None, typer.Option(parser=values.decimal, metavar="S", help="Length of the clip.")
    ] = None,
    size: Annotated[
        str, typer.Option(parser=values.size, metavar="WxH", help="Width and height, or auto.")
    ] = "auto",
    seed: Annotated[
        int | None, typer.Option(help="The same seed gives the same clip; -1 is a random one.")
    ] = None,
    end: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(metavar="IMAGE", help="A picture to end on."),
    ] = None,
    negative: Annotated[
        str | None, typer.Option(metavar="WORDS", help="What must not be seen.")
    ] = None,
    steps: Annotated[int | None, typer.Option(help="How many steps the model takes.")] = None,
    guidance: Annotated[
        float | None,
        typer.Option(
            parser=values.decimal, metavar="X", help="How closely the model keeps to the words."
        ),
    ] = None,
    strength: Annotated[
        float | None,
        typer.Option(
            parser=values.decimal, metavar="X", help="How closely it keeps to the picture."
        ),
    ] = None,
    motion_strength: Annotated[
        int | None, typer.Option(metavar="0-4", help="How much moves; 2 is the usual.")
    ] = None,
    frames: Annotated[int | None, typer.Option(help="Length in frames instead: 8k+1.")] = None,
    fps: Annotated[int | None, typer.Option(help="Frames a second.")] = None,
    loop: Annotated[bool, typer.Option("--loop", help="End where it begins.")] = False,
    boomerang: Annotated[
        bool, typer.Option("--boomerang", help="Forth, and the same way back.")
    ] = False,
    draft: Annotated[
        bool | None,
        typer.Option(
            "--draft/--no-draft", help="Small and quick; --no-draft makes a draft in full."
        ),
    ] = None,
    variations: Annotated[
        int, typer.Option(metavar="2|4", help="So many clips with other seeds, to pick from.")
    ] = 1,
    enhance: Annotated[
        bool,
        typer.Option("--enhance/--no-enhance", help="May the words be written anew for the model?"),
    ] = True,
    keyframes: Annotated[
        Optional[list[tuple]],  # type: ignore[type-arg]  # noqa: UP045
        typer.Option(
            "--keyframe",
            parser=values.keyframe,
            metavar="AT=IMAGE",
            help="A picture at that second; may be repeated.",
        ),
    ] = None,
    engine: Annotated[EngineName | None, typer.Option(help="engine.name.")] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    config: Config = None,
) -> None:
    """Make a clip of each picture, without any server."""
    from bot.cli.animate import Order, pictures_and_prompt
    from bot.cli.animate import animate as make_clips
    from bot.submission.options import Options

    pictures, words = pictures_and_prompt(arguments, prompt)
    options = Options(
        prompt=words,
        negative_prompt=negative,
        motion=motion,
        effect=effect,
        seconds=seconds,
        num_frames=frames,
        fps=fps,
        size=size,
        seed=seed,
        num_inference_steps=steps,
        guidance_scale=guidance,
        strength=strength,
        motion_strength=motion_strength,
        loop=loop,
        boomerang=boomerang,
        enhance=enhance,
        draft=draft,
        variations=variations,
    )
    order = Order(pictures, options, end, tuple(keyframes or ()), output, as_json, verbose)
    if not make_clips(config, {"engine.name": engine.value if engine else None}, order):
        raise typer.Exit(1)


@app.command()
def film(
    board: Annotated[
        Path,
        typer.Argument(
            metavar="BOARD",
            help="A storyboard: a TOML file with 2 to 10 [[scenes]] of prompt, image and seconds.",
        ),
    ],
    output: Output = None,
    engine: Annotated[EngineName | None, typer.Option(help="engine.name.")] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    config: Config = None,
) -> None:
    """Make a film of a storyboard, without any server.

    Above its scenes a storyboard may say transition (cut, crossfade), fade (seconds), fit (blur,
    crop), and for all scenes what animate takes: size, seed, motion, fps and so on; a scene says
    its own. A scene without an image goes on from the last frame of the one before.
    """
    from bot.cli.film import BoardOrder
    from bot.cli.film import film as make_film

    order = BoardOrder(board, output, as_json, verbose)
    if not make_film(config, {"engine.name": engine.value if engine else None}, order):
        raise typer.Exit(1)


@app.command()
def upscale(
    clip: Annotated[Path, typer.Argument(help="An MP4 that photoplay made.")],
    output: Output = None,
    engine: Annotated[EngineName | None, typer.Option(help="engine.name.")] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    config: Config = None,
) -> None:
    """Make a clip twice as large, with a model that has an upsampler."""
    from bot.cli.upscale import Doubling
    from bot.cli.upscale import upscale as make_larger

    order = Doubling(clip, output, as_json, verbose)
    make_larger(config, {"engine.name": engine.value if engine else None}, order)


@app.command()
def doctor(
    config: Config = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
    model: Annotated[
        bool, typer.Option("--model", help="Make a clip with the model even beside a running one.")
    ] = False,
) -> None:
    """Make a clip and check everything else that has to work, with the cure for what does not."""
    from bot.cli.doctor import doctor as examine

    if not examine(config, {"data_dir": data_dir}, as_json=as_json, model=model):
        raise typer.Exit(1)


@app.command()
def download(
    model: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="A hub id or a model's name; else engine.model."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Agree to the licence and the size.")] = False,
    config: Config = None,
) -> None:
    """Fetch a model's weights; resumes where it was cut, and verifies."""
    from bot.cli.download import download as fetch

    fetch(config, {}, model, yes=yes)


@app.command()
def recipe(
    clip: Annotated[Path, typer.Argument(help="An MP4 that photoplay made.")],
    as_json: AsJson = False,
) -> None:
    """Show how a clip was made: words, seed, engine, size."""
    from bot.cli.recipe import show

    show(clip, as_json=as_json)
