"""The small words round a move, as tables: directions, adverbs, what binds a clause together."""

from __future__ import annotations

from collections.abc import Mapping

from generation.directions.vocabulary import Degree, Speed

HEADINGS: Mapping[str, str] = {
    word: heading
    for heading, words in {
        "left": "left leftward leftwards",
        "right": "right rightward rightwards",
        "up": "up upward upwards higher skyward skywards",
        "down": "down downward downwards lower",
        "in": "in inward inwards forward forwards closer nearer into",
        "out": "out outward outwards back backward backwards away wider farther further",
        "toward": "toward towards onto",
        "on": "on",
        "to": "to",
        "around": "around round",
        "clockwise": "clockwise",
        "counterclockwise": "counterclockwise anticlockwise",
        "over": "over above",
        "across": "across",
        "past": "past",
        "through": "through",
        "alongside": "alongside beside along",
    }.items()
    for word in words.split()
}

SPEEDS: Mapping[str, Speed] = {
    word: speed
    for speed, words in {
        Speed.SLOW: "slow slowly slower gentle gently gradual gradually leisurely soft softly"
        " unhurried lazy lazily creeping",
        Speed.QUICK: "quick quickly quicker fast faster rapid rapidly swift swiftly sudden suddenly"
        " speedy abrupt abruptly sharp sharply",
    }.items()
    for word in words.split()
}

DEGREES: Mapping[str, Degree] = {
    word: degree
    for degree, words in {
        Degree.SLIGHT: "slight slightly subtle subtly barely little tiny small minimal minimally"
        " faint faintly hardly mild mildly imperceptible imperceptibly",
        Degree.STRONG: "dramatic dramatically extreme extremely strong strongly big huge massive"
        " much far fully heavily intense intensely violent violently wild wildly",
    }.items()
    for word in words.split()
}

SETTINGS = frozenset("speed pace tempo".split())
"""As other bots name what they are told: `speed: slow`."""

FLAT = frozenset(
    "slow slower gentle gradual soft quick quicker fast faster rapid swift sudden sharp subtle"
    " slight little tiny small minimal mild faint dramatic extreme strong big huge massive far"
    " intense violent wild imperceptible abrupt leisurely speedy creeping lazy unhurried".split()
)
"""Adjectives: behind a move they belong to it only at the end of the clause."""

MANNER = frozenset(
    "smooth smoothly steady steadily cinematic fluid nice nicely sweeping epic romantic calm calmly"
    " continuous elegant graceful gracefully simple noticeable simultaneously diagonal diagonally"
    " beautiful aerial dreamy low high overhead dynamic hypnotic full".split()
)
MODIFIERS = frozenset(SPEEDS) | frozenset(DEGREES) | MANNER

CAMERAS = frozenset(
    "camera cameras cam drone shot shots view viewpoint perspective frame pov lens video footage"
    " clip picture image viewer gimbal fpv hyperlapse".split()
)
MOVE_NOUNS = frozenset("shot shots move moves movement motion effect around camera style".split())
"""They make a noun of the verb before them: `a crane shot`."""
PREPOSITIONS = frozenset("to at toward towards into past behind facing for of by near from".split())
ARTICLES = frozenset("a an the this that some any".split())
POSSESSIVES = frozenset("her his their my your its our".split())
COMMANDERS = frozenset("you we i us let lets".split())
DETERMINERS = ARTICLES | POSSESSIVES
PRONOUNS = frozenset("he she they it him them".split())
TRANSPARENT = frozenset(
    "very really super so too quite pretty just also is are was be being should must will would can"
    " could do does to start starts starting begin begins beginning continue continues continuing"
    " make makes making doing perform performs performing have has add want need like use using"
    " please pls plz ok first now stay stays remain remains hold holds keep keeps kept gets more"
    " even almost nearly constantly always only completely perfectly no not never without"
    " avoid".split()
)
"""What may stand between a camera word and its subject without changing who that is."""

NEGATORS = frozenset({"no", "not", "never", "without", "avoid", "excluding", "nor"})
BY = frozenset("by into in via".split())
"""They bring in a move as a thing: `in one slow pan`."""
DEVICES = frozenset("camera cam drone".split())
ONWARD = frozenset("finally next also to the back then it".split())
"""What may stand before a direction that goes on with the move before."""
THEN = frozenset(
    "then next finally afterward afterwards later second third followed ends end ending".split()
)
BREAKS = (
    frozenset(
        ". , and or then while as with but who which that when until before after because where so"
        " if plus".split()
    )
    | THEN
)
SCENE_GERUND_EXCEPTIONS = frozenset(
    "building morning evening king ring ceiling clothing wing thing string spring painting".split()
)

RIGHT_AS_AN_ADVERB = frozenset("now away behind there here in".split())
SETTLING = MODIFIERS | frozenset("to from across over toward towards at along again please".split())
"""What may follow a direction that stands for itself."""

STILL_WORDS = frozenset("static stationary motionless immobile unmoving".split())
STILL_OF_CAMERA = frozenset("still fixed locked steady stable frozen".split())
WHOLE = frozenset("everything else scene".split())
KEEPS = frozenset("keep hold stay stand".split())
LINGERS = frozenset("stay stays hold holds remain remains".split())
HELD = frozenset(
    "camera cam shot shots footage style frame framing view viewpoint perspective angle".split()
)
LOCKS = frozenset("lock freeze fix locking freezing".split())
TURNTABLES = frozenset("turntable platform display".split())
SHAKY = frozenset("shaky shake shakes shaking wobbly jittery".split())

FRAMINGS: Mapping[str, str] = {
    word: size
    for size, words in {
        "close": "closeup tight macro detail details",
        "wide": "wide wider panorama whole entire full",
    }.items()
    for word in words.split()
}
DEPARTS = frozenset("from start starts starting begin begins beginning open opens opening".split())
ARRIVES = frozenset(
    "to into end ends ending finish finishes finishing reveal reveals revealing show"
    " shows showing".split()
)
