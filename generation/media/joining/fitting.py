"""How a scene of another shape fills the film's picture: cropped, or whole before its own blur."""

from __future__ import annotations

from generation.media.joining.film import FilmShape, Fit

NARROW = 0.02
"""Of a side: bars that narrow look like a fault, and are cropped away instead."""

SMALLER, SIGMA = 8, 4
"""What lies behind is blurred at an eighth of the size, which looks the same and is soon done."""

SCALE = "flags=bicubic+accurate_rnd"


def fitted(size: tuple[int, int], shape: FilmShape, fit: Fit, number: int) -> str:
    """A chain of filters that makes pictures of `size` the film's; `number` keeps labels apart."""
    if size == (shape.width, shape.height):
        return "format=yuv420p"
    match fit:
        case Fit.BLUR if _bars(size, shape) > NARROW:
            return _before_its_blur(shape, number)
        case Fit.BLUR | Fit.CROP:
            return f"{_filled(shape.width, shape.height)},setsar=0,format=yuv420p"


def _bars(size: tuple[int, int], shape: FilmShape) -> float:
    """The part of the film's picture that a whole picture of `size` leaves open."""
    own, film = size[0] / size[1], shape.width / shape.height
    return 1 - min(own, film) / max(own, film)


def _filled(width: int, height: int) -> str:
    grown = f"scale={width}:{height}:force_original_aspect_ratio=increase:{SCALE}"
    return f"{grown},crop={width}:{height}"


def _before_its_blur(shape: FilmShape, number: int) -> str:
    width, height = shape.width, shape.height
    small = _filled(*(max(2, side // SMALLER // 2 * 2) for side in (width, height)))
    behind = f"{small},gblur=sigma={SIGMA},scale={width}:{height}:flags=bicubic,setsar=0"
    whole = f"scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2"
    apart = f"format=yuv420p,split[behind{number}][before{number}]"
    back = f"[behind{number}]{behind}[blurred{number}]"
    front = f"[before{number}]{whole}:{SCALE},setsar=0[whole{number}]"
    placed = f"[blurred{number}][whole{number}]overlay=(W-w)/2:(H-h)/2:format=yuv420"
    return f"{apart};{back};{front};{placed},format=yuv420p"
