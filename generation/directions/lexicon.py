"""The words of film people, as tables: what the parser knows about the camera is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from generation.directions.vocabulary import Motion, Speed


class Kind(Enum):
    """How sure a word is about a camera, and so how much of its surroundings has to agree."""

    FILM = auto()
    """Said of hardly anything else: zoom, pan."""
    RIG = auto()
    """Film people's equipment and gestures, which are also things: a crane, a truck, an orbit."""
    BODY = auto()
    """What anything in the picture may do as well: move, rise, turn."""


class Form(Enum):
    BASE = auto()
    THIRD = auto()
    GERUND = auto()
    PAST = auto()


Headings = Mapping[str, Motion]

SIDEWAYS: Headings = {"left": Motion.PAN_LEFT, "right": Motion.PAN_RIGHT}
VERTICAL: Headings = {"up": Motion.TILT_UP, "down": Motion.TILT_DOWN}
DEPTH: Headings = {"in": Motion.ZOOM_IN, "out": Motion.ZOOM_OUT, "toward": Motion.ZOOM_IN}
ROUND: Headings = {
    "left": Motion.ORBIT_LEFT,
    "right": Motion.ORBIT_RIGHT,
    # Seen from above, somebody who walks clockwise round a thing and faces it goes to the left.
    "clockwise": Motion.ORBIT_LEFT,
    "counterclockwise": Motion.ORBIT_RIGHT,
}
AROUND: Headings = {"around": Motion.ORBIT_RIGHT} | {
    f"around {side}": motion for side, motion in ROUND.items()
}
ROLLING: Headings = {"clockwise": Motion.ROLL_RIGHT, "counterclockwise": Motion.ROLL_LEFT}
PLACES: Headings = {
    "across": Motion.PAN_RIGHT,
    "past": Motion.PAN_RIGHT,
    "alongside": Motion.PAN_RIGHT,
    "over": Motion.ZOOM_IN,
    "through": Motion.ZOOM_IN,
}
ANYWHERE: Headings = {**SIDEWAYS, **VERTICAL, **DEPTH}


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Words that ask for the same thing; `default` is what they mean without a direction."""

    kind: Kind
    headings: Headings
    default: Motion | None = None
    speed: Speed | None = None
    weak: bool = False
    """A purpose rather than a move: it counts only where nothing else says how."""
    bare: bool = False
    """It is asked for by its name alone, where a truck or a crane may stand in the picture."""


PAN = Family(Kind.FILM, {**SIDEWAYS, **VERTICAL}, Motion.PAN_RIGHT)
TILT = Family(
    Kind.FILM, {**VERTICAL, "left": Motion.ROLL_LEFT, "right": Motion.ROLL_RIGHT}, Motion.TILT_UP
)
ZOOM = Family(Kind.FILM, {**DEPTH, "on": Motion.ZOOM_IN, "to": Motion.ZOOM_IN}, Motion.ZOOM_IN)
KEN_BURNS = Family(Kind.FILM, {**ANYWHERE}, Motion.ZOOM_IN, Speed.SLOW)
PARALLAX = Family(Kind.FILM, ROUND, Motion.ORBIT_RIGHT)
DOLLY = Family(
    Kind.RIG, {**ANYWHERE, **AROUND, "through": Motion.ZOOM_IN}, Motion.ZOOM_IN, bare=True
)
TRUCK = Family(Kind.RIG, {**ANYWHERE, "across": Motion.PAN_RIGHT}, Motion.PAN_RIGHT)
TRACK = Family(Kind.RIG, {**ANYWHERE, **AROUND}, Motion.PAN_RIGHT)
CRANE = Family(Kind.RIG, ANYWHERE, Motion.TILT_UP)
PUSH = Family(Kind.RIG, {**ANYWHERE, "through": Motion.ZOOM_IN}, Motion.ZOOM_IN, bare=True)
PULL = Family(Kind.RIG, ANYWHERE, Motion.ZOOM_OUT, bare=True)
ORBIT = Family(Kind.RIG, {**ROUND, **AROUND}, Motion.ORBIT_RIGHT, bare=True)
CIRCLE = Family(Kind.BODY, {**ROUND, **AROUND}, Motion.ORBIT_RIGHT)
SPIN = Family(Kind.BODY, {**ROUND, **AROUND, **ROLLING}, Motion.ORBIT_RIGHT)
ROLL = Family(
    Kind.BODY, {"left": Motion.ROLL_LEFT, "right": Motion.ROLL_RIGHT, **ROLLING}, Motion.ROLL_RIGHT
)
REVEAL = Family(Kind.RIG, ANYWHERE, Motion.ZOOM_OUT, weak=True, bare=True)
FOLLOW = Family(Kind.BODY, ANYWHERE, Motion.ZOOM_IN)
MOVE = Family(Kind.BODY, {**ANYWHERE, **AROUND, **PLACES})
DRIFT = Family(Kind.BODY, {**ANYWHERE, **AROUND, **PLACES}, Motion.DRIFT, bare=True)
WALK = Family(Kind.BODY, {**DEPTH, **AROUND, "through": Motion.ZOOM_IN}, Motion.ZOOM_IN)
DOLLY_ZOOM = Family(Kind.FILM, {}, Motion.DOLLY_ZOOM)
FLY = Family(Kind.BODY, {**ANYWHERE, **AROUND, **PLACES, "across": Motion.ZOOM_IN})
TURN = Family(Kind.BODY, {**SIDEWAYS, **VERTICAL, **AROUND, **ROLLING})
LOOK = Family(Kind.BODY, {**SIDEWAYS, **VERTICAL, "around": Motion.PAN_RIGHT})
RISE = Family(Kind.BODY, {}, Motion.TILT_UP)
SINK = Family(Kind.BODY, {}, Motion.TILT_DOWN)
SWOOP = Family(Kind.BODY, {**ANYWHERE, **PLACES}, Motion.TILT_DOWN)
DIVE = Family(Kind.BODY, VERTICAL, Motion.TILT_DOWN)
APPROACH = Family(Kind.BODY, DEPTH, Motion.ZOOM_IN)
CREEP = Family(Kind.BODY, ANYWHERE, Motion.ZOOM_IN, Speed.SLOW)
RUSH = Family(Kind.BODY, {**ANYWHERE, **PLACES}, Motion.ZOOM_IN, Speed.QUICK)
WHIP = Family(Kind.RIG, {**SIDEWAYS, **VERTICAL}, speed=Speed.QUICK)
RETREAT = Family(Kind.BODY, {}, Motion.ZOOM_OUT)
BACK = Family(Kind.BODY, {"out": Motion.ZOOM_OUT, "up": Motion.ZOOM_OUT})
CLOSER = Family(Kind.FILM, {}, Motion.ZOOM_IN)
STATIC = Family(Kind.FILM, {}, Motion.STILL)
HANDHELD = Family(Kind.FILM, {}, Motion.HANDHELD)

VERBS: Mapping[str, Family] = {
    "pan": PAN,
    "tilt": TILT,
    "zoom": ZOOM,
    "parallax": PARALLAX,
    "kenburns": KEN_BURNS,
    "dolly": DOLLY,
    "truck": TRUCK,
    "track": TRACK,
    "crane": CRANE,
    "boom": CRANE,
    "jib": CRANE,
    "pedestal": CRANE,
    "push": PUSH,
    "pull": PULL,
    "orbit": ORBIT,
    "arc": ORBIT,
    "encircle": CIRCLE,
    "circle": CIRCLE,
    "revolve": CIRCLE,
    "rotate": SPIN,
    "spin": SPIN,
    "swirl": SPIN,
    "whirl": SPIN,
    "reveal": REVEAL,
    "follow": FOLLOW,
    "move": MOVE,
    "movement": MOVE,
    "motion": MOVE,
    "go": MOVE,
    "glide": MOVE,
    "drift": DRIFT,
    "float": DRIFT,
    "hover": DRIFT,
    "walk": WALK,
    "stroll": WALK,
    "wander": WALK,
    "run": WALK,
    "ride": WALK,
    "drive": WALK,
    "dollyzoom": DOLLY_ZOOM,
    "roll": ROLL,
    "travel": MOVE,
    "sweep": MOVE,
    "slide": MOVE,
    "swing": MOVE,
    "shift": MOVE,
    "come": MOVE,
    "get": MOVE,
    "scroll": MOVE,
    "ease": MOVE,
    "nudge": MOVE,
    "head": MOVE,
    "roam": MOVE,
    "weave": MOVE,
    "skim": MOVE,
    "fly": FLY,
    "soar": FLY,
    "swoop": SWOOP,
    "dive": DIVE,
    "plunge": DIVE,
    "pivot": TURN,
    "crawl": CREEP,
    "hurtle": RUSH,
    "dash": RUSH,
    "turn": TURN,
    "swivel": TURN,
    "look": LOOK,
    "rise": RISE,
    "ascend": RISE,
    "climb": RISE,
    "lift": RISE,
    "raise": RISE,
    "descend": SINK,
    "lower": SINK,
    "drop": SINK,
    "sink": SINK,
    "approach": APPROACH,
    "advance": APPROACH,
    "creep": CREEP,
    "inch": CREEP,
    "whip": WHIP,
    "rush": RUSH,
    "race": RUSH,
    "retreat": RETREAT,
    "recede": RETREAT,
    "widen": RETREAT,
    "back": BACK,
    "closer": CLOSER,
}

IRREGULAR: Mapping[str, tuple[str, str, str]] = {
    "pan": ("pans", "panning", "panned"),
    "dolly": ("dollies", "dollying", "dollied"),
    "jib": ("jibs", "jibbing", "jibbed"),
    "fly": ("flies", "flying", "flew"),
    "whip": ("whips", "whipping", "whipped"),
    "come": ("comes", "coming", "came"),
    "creep": ("creeps", "creeping", "crept"),
    "get": ("gets", "getting", "got"),
    "go": ("goes", "going", "went"),
    "run": ("runs", "running", "ran"),
    "ride": ("rides", "riding", "rode"),
    "rise": ("rises", "rising", "risen"),
    "drive": ("drives", "driving", "drove"),
    "sink": ("sinks", "sinking", "sank sunk"),
    "skim": ("skims", "skimming", "skimmed"),
    "slide": ("slides", "sliding", "slid"),
    "spin": ("spins", "spinning", "spun"),
    "drop": ("drops", "dropping", "dropped"),
    "sweep": ("sweeps", "sweeping", "swept"),
    "swing": ("swings", "swinging", "swung"),
    "swivel": ("swivels", "swiveling swivelling", "swiveled swivelled"),
    "travel": ("travels", "traveling travelling", "traveled travelled"),
    "weave": ("weaves", "weaving", "wove"),
}


@dataclass(frozen=True, slots=True)
class Term:
    family: Family
    form: Form


def _forms(verb: str) -> tuple[str, str, str]:
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    stem = verb.removesuffix("e")
    sibilant = verb.endswith(("s", "x", "ch", "sh", "o"))
    return verb + ("es" if sibilant else "s"), stem + "ing", stem + "ed"


TERMS: Mapping[str, Term] = MappingProxyType(
    {
        word: Term(family, form)
        for verb, family in VERBS.items()
        for form, words in zip(Form, (verb, *_forms(verb)), strict=True)
        for word in words.split()
    }
)
FAMILIES: Mapping[str, Family] = {
    **{word: term.family for word, term in TERMS.items()},
    "STATIC": STATIC,
    "HANDHELD": HANDHELD,
}
"""Of every word that may stand for what the camera does, and of the signs for how it is held."""
