"""Options among somebody's words, as phone keyboards write them: `Motion=pan–left “no people”`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.submission.options import Options
from generation.directions.vocabulary import Effect, Motion

EXAMPLES = {
    "seconds": "4",
    "size": "704x480",
    "motion": "pan-left",
    "motion_strength": "3",
    "effect": "rain",
    "negative": '"no people"',
    "seed": "7",
    "steps": "30",
    "guidance": "3",
    "frames": "97",
    "draft": "yes",
    "variations": "2",
}
"""Every option, with a value that is understood."""

OTHER_NAMES = {
    "sec": "seconds",
    "length": "seconds",
    "duration": "seconds",
    "resolution": "size",
    "camera": "motion",
    "weather": "effect",
    "negative_prompt": "negative",
    "strength": "motion_strength",
    "num_inference_steps": "steps",
    "guidance_scale": "guidance",
    "num_frames": "frames",
}
"""What people and other programs call them; they are told how it is called here."""

YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")

UNSEEN = re.compile("[\u061c\u200b\u2060\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Direction marks and spaces of no width, which some keyboards and clipboards leave behind."""

OPENING, CLOSING = '"“”„‟«»‹›「『＂', '"“”‟«»‹›」』＂'
SINGLE_OPENING, SINGLE_CLOSING = "'‘‚", "'’"
KNOWN = "|".join(sorted(EXAMPLES, reverse=True))
SIGN = "[=＝≈]{1,2}"
VALUE = (
    f"[{OPENING}](?P<quoted>[^{OPENING}{CLOSING}]*)[{CLOSING}](?!\\w)"
    f"|[{SINGLE_OPENING}](?P<single>[^{SINGLE_OPENING}{SINGLE_CLOSING}]*)[{SINGLE_CLOSING}](?!\\w)"
    rf"|(?P<plain>[^\s=＝≈](?:(?![^\w\s]*[^\w\s](?:{KNOWN})\s*[=＝≈:：])\S)*)"
)
OPTION = re.compile(
    rf"(?<![^\s{OPENING}{CLOSING},;.…!()\[\]{{}}*•·])[\u2010-\u2015\u2212-]{{0,3}}"
    rf"(?:(?P<known>{KNOWN})(?:\s{{0,3}}{SIGN}\s{{0,3}}|(?P<colon>[:：]\s?))"
    rf"|(?<![^\s\u2010-\u2015\u2212-])(?P<other>[^\W\d][\w-]*){SIGN})(?:{VALUE})",
    re.IGNORECASE,
)
BEGUN = re.compile(rf"(?<!\w)(?P<known>{KNOWN})\s{{0,3}}{SIGN}\s*$", re.IGNORECASE)
"""An option whose value somebody has not come to write."""

AROUND = " ,;.…!()[]{}*•·" + OPENING + CLOSING + SINGLE_CLOSING
"""What stands at a value and is none of it: `(seconds=1)`, `*seconds=1*`."""

NUMBER = re.compile(r"([0-9]{1,6}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})\s?(?:s|secs?|seconds)?", re.ASCII)
SIZE = re.compile(r"auto|[0-9]{2,5}[x×*][0-9]{2,5}", re.ASCII)
UNIT = re.compile(r"\s(?:s|sec|secs|seconds)(?!\w)", re.IGNORECASE)
DASHES = re.compile("[\u2010-\u2015\u2212_]")


class BadOption(Exception):
    """`option` is `name=value` as somebody wrote it, `near` how it may have been meant."""

    def __init__(self, option: str, near: str | None = None) -> None:
        super().__init__(option)
        self.option = option
        self.near = near


def cleaned(text: str) -> str:
    """Without what nobody sees, and with one kind of space."""
    seen = UNSEEN.sub("", text)
    return "".join(" " if unicodedata.category(one) == "Zs" else one for one in seen).strip()


@dataclass(frozen=True, slots=True)
class Written:
    """`named` are the options that somebody has written, whichever value they gave them."""

    options: Options
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class WrittenOption:
    """An option in a text, from `start` to `end`."""

    name: str
    value: str
    start: int
    end: int


def parse_options(text: str) -> Options:
    """`seconds=4 motion=pan-left the waves roll in`, or the options behind the words.

    They are named as on Discord. Raises `BadOption` for what looks like one and is none.
    """
    return written(text).options


def written(text: str) -> Written:
    """The same, and what was named. Raises `BadOption`."""
    text = cleaned(text)
    found = [_found(one, text) for one in OPTION.finditer(text) if _is_meant(one, text)]
    values = {one.name: one.value for one in found}
    words = text
    for one in reversed(found):
        words = f"{words[: one.start]} {words[one.end :]}"
    if begun := BEGUN.search(words):
        raise BadOption(begun[0].strip(), _example(begun["known"]))
    words = " ".join(words.split())
    return Written(_options(words.strip(" ,;") if found else words, values), frozenset(values))


def _found(found: re.Match[str], text: str) -> WrittenOption:
    """With the brackets around it, and the unit behind it."""
    name, value, start, end = _name(found), _value(found), *found.span()
    if name == "seconds" and (unit := UNIT.match(text, end)):
        end = unit.end()
    if text[start - 1 : start] in tuple("([{*•·" + OPENING):
        start -= 1
        end += len(text[end:]) - len(text[end:].lstrip(")]}*" + CLOSING))
    return WrittenOption(name, value, start, end)


def _is_meant(found: re.Match[str], text: str) -> bool:
    """Raises `BadOption` for an option we do not have; some words only look like one."""
    if found["known"] is not None:
        return found["colon"] is None or _is_taken(found, text)
    name = found["other"].lower()
    near = OTHER_NAMES.get(name) or next(iter(get_close_matches(name, EXAMPLES, 1, 0.7)), None)
    if near is not None:
        raise BadOption(found[0], f"{near}={found[0].partition('=')[2] or EXAMPLES[near]}")
    if len(name) >= 3 and _at_an_end(found, text):
        raise BadOption(found[0])
    return False


def _name(found: re.Match[str]) -> str:
    """A number behind `motion` says how much of it, everything else which."""
    name = str(found["known"]).lower()
    return "motion_strength" if name == "motion" and _plain(_value(found)).isdecimal() else name


def _is_taken(found: re.Match[str], text: str) -> bool:
    """Whether a colon is a sign here: prose has one, too, with a space and words behind it."""
    name, colon = _name(found), str(found["colon"])
    if not colon.endswith(" ") or found["plain"] is None:
        return True
    value = _value(found)
    if name == "negative" or (name == "size" and not SIZE.fullmatch(_plain(value))):
        return False
    try:
        _options("", {name: value})
    except BadOption:
        return False
    behind = text[found.end() :]
    alone = value != found["plain"] or not behind.strip() or OPTION.match(behind.lstrip())
    return bool(alone) or name in ("seconds", "size") or "-" in value


def _at_an_end(found: re.Match[str], text: str) -> bool:
    """Where options stand; in the middle of a sentence it may be a formula."""
    before, after = text[: found.start()], text[found.end() :]
    return not OPTION.sub("", before).strip() or not OPTION.sub("", after).strip()


def _value(found: re.Match[str]) -> str:
    for kind in ("quoted", "single"):
        if found[kind] is not None:
            return str(found[kind]).strip()
    plain = str(found["plain"])
    if plain[0] in OPENING + SINGLE_OPENING:  # never closed: nobody knows how far it goes
        raise BadOption(found[0], _example(found["known"]))
    return plain.rstrip(AROUND) or plain


def _example(name: str) -> str:
    return f"{name.lower()}={EXAMPLES[name.lower()]}"


def _options(prompt: str, values: dict[str, str]) -> Options:
    size = values.get("size")
    return Options(
        prompt=prompt,
        negative_prompt=values.get("negative"),
        motion=Motion(_one_of("motion", values, Motion, Motion.AUTO)),
        motion_strength=_whole("motion_strength", values),
        effect=Effect(_one_of("effect", values, Effect, Effect.AUTO)),
        seconds=_number("seconds", values),
        num_frames=_whole("frames", values),
        size="auto" if size is None else _plain(size).replace("×", "x"),
        seed=_whole("seed", values),
        num_inference_steps=_whole("steps", values),
        guidance_scale=_number("guidance", values),
        draft=_flag("draft", values),
        variations=_variations(values),
    )


def _plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip().lower()


def _one_of(name: str, values: dict[str, str], known: Iterable[str], usual: str) -> str:
    if name not in values:
        return usual
    value, choices = DASHES.sub("-", _plain(values[name])), [str(one) for one in known]
    if value in choices:
        return value
    [near] = get_close_matches(value, choices, 1, 0.5) or [EXAMPLES[name]]
    raise BadOption(f"{name}={values[name]}", f"{name}={near}")


def _number(name: str, values: dict[str, str]) -> float | None:
    if name not in values:
        return None
    value = _plain(values[name]).replace(",", ".")
    if found := re.fullmatch(
        r"([0-9]{1,6}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})\s?(?:s|secs?|seconds)?", value, re.ASCII
    ):
        return float(found[1])
    raise BadOption(f"{name}={values[name]}", f"{name}={EXAMPLES[name]}")


def _variations(values: dict[str, str]) -> int:
    """How many of them the rest of the way checks."""
    asked = _whole("variations", values)
    return 1 if asked is None else asked


def _whole(name: str, values: dict[str, str]) -> int | None:
    if name not in values:
        return None
    value = DASHES.sub("-", _plain(values[name]))
    if re.fullmatch(r"-1|[0-9]{1,10}", value, re.ASCII):
        return int(value)
    raise BadOption(f"{name}={values[name]}", f"{name}={EXAMPLES[name]}")


def _flag(name: str, values: dict[str, str]) -> bool | None:
    if name not in values:
        return None
    value = _plain(values[name])
    if value in (*YES, *NO):
        return value in YES
    raise BadOption(f"{name}={values[name]}", f"{name}={EXAMPLES[name]}")
