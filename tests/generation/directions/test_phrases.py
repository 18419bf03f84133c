"""What people say in their own words, one sentence of each kind: the languages' phrases at work."""

from __future__ import annotations

import pytest

from generation.directions.lexicon import TERMS
from generation.directions.parse import parse
from generation.directions.vocabulary import Degree, Speed

WEATHER_THAT_ENDS = [
    "stop the rain", "get rid of the fog", "less fog", "the fog lifts", "turn night into day",
    "night turns into day", "neither rain nor snow", "make it rain confetti",
    "arrête la pluie", "il ne neige plus", "ni pluie ni neige", "la neige fond",
    "lluvia de estrellas", "la noche se convierte en día",
    "quita la lluvia", "deja de llover", "ni lluvia ni nieve", "la lluvia se detiene",
    "tira a chuva", "para de chover", "nem chuva nem neve",
    "togli la pioggia", "smette di piovere", "né pioggia né neve",
    "stoppe den Regen", "der Nebel lichtet sich", "weder Regen noch Schnee",
    "убери дождь", "туман рассеивается", "雨を止めて", "雨も雪もなし",
    "霧が晴れる", "雨停", "停止下雨", "비를 멈춰줘", "눈이 그치고", "비도 눈도 없이",
]  # fmt: skip
SOMEBODY_LOOKS = [
    "el hombre mira hacia arriba", "ela olha para baixo", "l'uomo guarda in alto",
    "彼は上を見上げる", "他抬头看", "그는 위를 올려다본다",
]  # fmt: skip


@pytest.mark.parametrize("prompt", [*WEATHER_THAT_ENDS, *SOMEBODY_LOOKS])
def test_nothing_is_asked_for(prompt: str) -> None:
    read = parse(prompt)
    assert (read.shots, read.effects) == ((), ())


@pytest.mark.parametrize(
    ("prompt", "moves"),
    [
        ("ni zoom ni panoramique", "still"),
        ("줌이나 팬 없이", "still"),
        ("ohne Kamerabewegung, leichter Wind", "still"),
        ("zoom lento no rosto", "zoom-in slow"),
        ("zoom rápido no olho", "zoom-in quick"),
        ("pan lento no horizonte", "pan-right slow"),
        ("mira hacia arriba", "tilt-up"),
        ("カメラが空を見上げる", "tilt-up"),
        ("la cámara hace un círculo alrededor", "orbit-right"),
        ("la cámara da una vuelta alrededor de ella", "orbit-right"),
        ("a câmera dá uma volta ao redor dela", "orbit-right"),
        ("la telecamera fa un giro completo", "orbit-right"),
        ("камера делает круг вокруг неё", "orbit-right"),
        ("la caméra fait un tour complet autour d'elle", "orbit-right"),
        ("Kamera fährt einen Kreis um das Auto", "orbit-right"),
        ("Kamera dreht sich im Kreis", "orbit-right"),
        ("Kamera fährt in einem Bogen nach links", "orbit-left"),
        ("camera rotation", "orbit-right"),
        ("camera stands still", "still"),
        ("stop the camera", "still"),
        ("camera mustn't move", "still"),
        ("fixed camera angle", "still"),
        ("镜头从天空移到地面", "tilt-down"),
        ("Schwenk vom Himmel zum Boden", "tilt-down"),
        ("bottom to top pan", "tilt-up"),
        ("镜头向上抬", "tilt-up"),
        ("ドローンで街の上を飛ぶ", "zoom-in"),
        ("ken burns effect zooming out", "zoom-out slow"),
        ("get up close", "zoom-in"),
        ("the camera came closer", "zoom-in"),
        ("take the camera back a bit", "zoom-out slight"),
        ("step back", "zoom-out"),
        ("줌인 후 줌아웃", "zoom-in, zoom-out"),
        ("zoom in on a massive dragon", "zoom-in"),
        ("zoom in on a lazy cat", "zoom-in"),
    ],
)
def test_the_camera_is_understood(prompt: str, moves: str) -> None:
    said = [
        " ".join([move.motion, *({move.speed, move.degree} - {Speed.NORMAL, Degree.NORMAL})])
        for shot in parse(prompt).shots
        for move in shot
    ]
    assert ", ".join(said) == moves


@pytest.mark.parametrize(
    ("prompt", "effect"),
    [
        ("snowy winter morning", "snow"),
        ("Es wird langsam dunkel", "night"),
        ("Die Sonne geht langsam unter", "sunset"),
        ("해가 진다", "sunset"),
        ("dawn is breaking", "dawn"),
        ("dawn colors over the lake", "dawn"),
        ("ela tira o casaco na chuva", "rain"),
        ("Leute entfernen sich im Regen", "rain"),
        ("雨がやさしく降る", "rain"),
        ("morning fog lifting from the valley", "fog"),
    ],
)
def test_the_weather_is_understood(prompt: str, effect: str) -> None:
    assert list(parse(prompt).effects) == [effect]


def test_verbs_have_the_forms_that_english_has() -> None:
    right = "came went swung swept slid sank sunk skimming travelled travelling swivelling"
    wrong = "comed goed swinged sweeped slided sinked rised skiming"
    assert set(right.split()) <= TERMS.keys()
    assert set(wrong.split()).isdisjoint(TERMS)
