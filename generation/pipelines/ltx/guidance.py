"""What steers a step, by how much noise is left: as diffusers does, cut short, or as the authors.

Outside of an interval guidance is paid for and hardly seen. The authors' own inference also guides
by a second answer of the model, given with the attention of a few blocks skipped (STG), and has
scales of their own for each stretch of the schedule. Free of torch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Guiding(StrEnum):
    """`plain` is diffusers' way, `interval` the same where it is seen, `authors` that of the
    model's authors, for the checkpoints for which they published one.
    """

    PLAIN = "plain"
    INTERVAL = "interval"
    AUTHORS = "authors"


@dataclass(frozen=True, slots=True)
class Guidance:
    """`scale` 1 is none by words. `skipping` is how far to go from what the model says with the
    attention of `blocks` skipped, 0 none. `rescale`: how much of the deviation that guidance adds
    is taken back. `star`: what is said without words is first brought to what both have in common.
    """

    scale: float = 1.0
    rescale: float = 0.0
    skipping: float = 0.0
    blocks: tuple[int, ...] = ()
    star: bool = False

    @property
    def by_words(self) -> bool:
        return self.scale > 1

    @property
    def by_skipping(self) -> bool:
        return self.skipping > 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the noise of the stretch before down to `sigma`, inclusive; the last one to the end."""

    sigma: float
    guidance: Guidance


Scales = tuple[Stretch, ...]

INTERVAL = (0.3, 0.9975)
"""Sigmas between which guidance by words is kept: before, there is nothing to steer yet, and
afterwards nothing is left of it to be seen.
"""


def by_noise(guiding: Guiding, usual: Guidance, authors: Scales, *, asked: bool) -> Scales:
    """`usual` is the request's; the authors' own scales give way to a number that somebody `asked`.

    A distilled model, which is not guided by words, has none of it.
    """
    plain = (Stretch(0.0, usual),)
    if not usual.by_words:
        return plain
    match guiding:
        case Guiding.PLAIN:
            return plain
        case Guiding.INTERVAL:
            without = replace(usual, scale=1.0, rescale=0.0)
            low, high = INTERVAL
            return Stretch(high, without), Stretch(low, usual), Stretch(0.0, without)
        case Guiding.AUTHORS:
            if not authors:
                return plain
            return tuple(_scaled(it, usual.scale) for it in authors) if asked else authors


def _scaled(stretch: Stretch, scale: float) -> Stretch:
    """Where the authors guide by words, with that scale."""
    if not stretch.guidance.by_words:
        return stretch
    return replace(stretch, guidance=replace(stretch.guidance, scale=scale))


def guidance_at(scales: Scales, sigma: float) -> Guidance:
    fitting = (stretch for stretch in scales if stretch.sigma <= sigma)
    return next(fitting, scales[-1]).guidance


SMALL_MODEL: Scales = (Stretch(0.0, Guidance(3.0, 0.7, 1.0, (19,))),)
"""The 2B checkpoints up to 0.9.5."""

LARGE_MODEL: Scales = (
    Stretch(1.0, Guidance(star=True)),
    Stretch(0.996, Guidance(star=True)),
    Stretch(0.9933, Guidance(6.0, 0.5, 4.0, (22, 35, 39), star=True)),
    Stretch(0.985, Guidance(8.0, 0.5, 4.0, (28,), star=True)),
    Stretch(0.9767, Guidance(6.0, 0.0, 4.0, (28,), star=True)),
    Stretch(0.9008, Guidance(1.0, 0.0, 2.0, (28,), star=True)),
    Stretch(0.618, Guidance(1.0, 0.0, 1.0, (28,), star=True)),
)
"""0.9.7 dev. Their yaml writes 1 where nothing is taken back, and 0.5 where half is."""
