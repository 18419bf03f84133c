"""What version 0.1.0 stored beside its requests is what is reckoned today."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from bot.submission.digests import Remake, digest, remake_digests
from bot.submission.options import ExtraPictures, KeyframePicture, Options
from generation.directions.vocabulary import Effect, Motion

JOB = "video_aaaaaaaaaaaaaaaaaa"
FULL = Options(
    prompt="the sea moves",
    negative_prompt="blurry",
    motion=Motion.PAN_LEFT,
    effect=Effect.RAIN,
    seconds=1.5,
    fps=24,
    size="704x480",
    seed=7,
    num_inference_steps=8,
    guidance_scale=3.5,
    strength=0.5,
    loop=True,
)
PICTURES = ExtraPictures(end=b"end", keyframes=(KeyframePicture(0.5, b"middle"),))
CHANGES = {"prompt": "zoom in", "motion": Motion.PAN_LEFT, "seconds": 0.4}


def test_a_request_of_the_first_version_is_known_again() -> None:
    plain = "ce6adaffbab1a529fd17b6cd192b789ccad31ecb5db487744941d00fc753bcfe"
    full = "d1654f9ed6fa3c1b8b6699e427b18627bdadc83d1709aeb923a999d48679754a"
    assert digest(Options(), b"picture") == plain
    assert digest(FULL, b"picture", PICTURES) == full
    assert digest(Options(effect=Effect.NONE), b"picture") != plain


@pytest.mark.parametrize(
    ("remake", "edited", "stored"),
    [
        ("remix", False, "f44586621495c5432adc79a3cc088855d00f991f7854f352866fa0f5a3424c79"),
        ("remix", True, "17bc8698929655f7c799bf8df37c4ec29786b2f07a1ce435e395ae6bd0bb00f4"),
        ("extend", False, "64255f4b06397c9c98d2f7b2a5180e646cd2964d063e94dd86ed77886ad064e9"),
        ("loop", False, "6bb68e92682f89100d481d6d83faa13e938b7524939965f7d199857f3facf7de"),
    ],
)
def test_a_button_of_the_first_version_is_known_again(
    remake: str, edited: bool, stored: str
) -> None:
    changes = asdict(FULL) if edited else None
    assert stored in remake_digests(JOB, Remake(remake), changes, FULL)


@pytest.mark.parametrize(
    ("remake", "stored"),
    [
        ("remix", "ba1a465e966fc7bc13166433f598e76ed95b76ce5b82861b51cbc429ab73328b"),
        ("extend", "09e3e2b28d9c951786320997f69ba043149829b809225c466b1b585b2921caff"),
    ],
)
def test_a_remix_over_http_of_the_first_version_is_known_again(remake: str, stored: str) -> None:
    assert stored in remake_digests(JOB, Remake(remake), CHANGES, FULL)


def test_another_picture_another_option_or_another_moment_is_another_request() -> None:
    first = digest(FULL, b"picture", PICTURES)
    later = ExtraPictures(end=b"end", keyframes=(KeyframePicture(0.6, b"middle"),))
    others = {
        digest(FULL, b"another", PICTURES),
        digest(replace(FULL, seed=8), b"picture", PICTURES),
        digest(FULL, b"picture", later),
        digest(FULL, b"picture", ExtraPictures(b"another", PICTURES.keyframes)),
    }
    assert len({first, *others}) == 5


def test_what_is_stored_for_a_remake_does_not_depend_on_what_the_engine_keeps() -> None:
    one, other = (
        remake_digests(JOB, Remake.REMIX, CHANGES, options)[0]
        for options in (FULL, replace(FULL, negative_prompt=None, loop=False))
    )
    assert one == other
    kinds = {remake_digests(JOB, remake, CHANGES, FULL)[0] for remake in Remake}
    assert len(kinds | {remake_digests(JOB, Remake.REMIX, None, FULL)[0]}) == len(Remake) + 1
