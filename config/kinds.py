"""The kinds of values a setting can hold, each with the words that say what is allowed.

pydantic's own messages may repeat the value they refuse, and the value may be a secret. So every
kind carries an `Allowed`, and messages are written from that alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WrapSerializer,
)

from config import checks

STRICT = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Completes "must be …"; `structured` values are written as JSON in a variable."""

    text: str
    structured: bool = False


_Number = BeforeValidator(checks.no_bool)
_Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
_KeyName = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,32}$")]
_UserId = Annotated[str, BeforeValidator(checks.as_digits), Field(pattern=r"^[0-9]{1,20}$")]
_HostPattern = Annotated[str, AfterValidator(checks.host_pattern)]
_Network = Annotated[str, AfterValidator(checks.network)]
_Pattern = Annotated[str, Field(min_length=1), AfterValidator(checks.pattern)]
_Device = Annotated[str, Field(pattern=r"^(cuda(:[0-9]+)?|cpu(:[0-9]+)?|mps)$")]
_Exempt = Annotated[
    str, Field(pattern=r"^((discord|discord-role|telegram):[0-9]{1,20}|web:[a-z0-9_-]{1,32})$")
]
_Blocked = Annotated[str, Field(pattern=r"^(discord|discord-guild|telegram):[0-9]{1,20}$")]
LoraMotion = Literal[
    "still",
    "pan-left",
    "pan-right",
    "tilt-up",
    "tilt-down",
    "zoom-in",
    "zoom-out",
    "orbit-left",
    "orbit-right",
    "handheld",
    "roll-left",
    "roll-right",
    "drift",
    "dolly-zoom",
]
_Deadline = Annotated[float, _Number, Field(gt=0, le=86400, allow_inf_nan=False)]


class LoraFile(BaseModel):
    """Weights that teach the model one camera movement."""

    model_config = STRICT

    path: _Word
    weight: Annotated[float, _Number, Field(gt=0, le=2, allow_inf_nan=False)] = 1.0


class VideosServer(BaseModel):
    """Another server that makes clips, as clients of the OpenAI Videos API take it."""

    model_config = STRICT

    url: Annotated[str, AfterValidator(checks.url)]
    api_key: Annotated[SecretStr, AfterValidator(checks.token)] | None = None
    model: _Word | None = None
    capacity: Annotated[int, _Number, Field(ge=1, le=1000)] | None = None


class Deadlines(BaseModel):
    """Seconds without progress in each phase; the first step may have to compile the model."""

    model_config = STRICT

    load: _Deadline = 900.0
    prepare: _Deadline = 180.0
    step: _Deadline = 300.0
    decode: _Deadline = 300.0
    encode: _Deadline = 300.0


Switch = Annotated[bool, Allowed("true or false")]
Compile = Annotated[Literal["auto"] | bool, Allowed("auto, true or false")]
EngineName = Annotated[
    Literal["auto", "camera", "ltx", "videos"], Allowed("auto, camera, ltx or videos")
]
Guidance = Annotated[Literal["plain", "interval", "authors"], Allowed("plain, interval or authors")]
Guide = Annotated[Literal["off", "camera"], Allowed("off or camera")]
Memory = Annotated[
    Literal["auto", "full", "text", "offload", "low"],
    Allowed("auto, full, text, offload or low"),
]

SigningAlgorithm = Annotated[
    Literal["es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"],
    Allowed("es256, es384, es512, ps256, ps384, ps512 or ed25519"),
]

File = Annotated[Path, AfterValidator(checks.expand), Allowed("the path of a file")]
Folder = Annotated[Path, AfterValidator(checks.expand), Allowed("the path of a folder")]
LanguageModel = Annotated[_Word, Allowed("a name of at most 200 characters")]
Model = Annotated[_Word, Allowed("a hub id such as owner/name, or the path of a folder")]
Host = Annotated[
    str, AfterValidator(checks.host), Allowed("a host name or an IP address, without a port")
]
PromptHelp = Annotated[
    Literal["off", "template", "model", "url"], Allowed("off, template, model or url")
]
TimeLimit = Annotated[
    float, _Number, Field(ge=1, le=120, allow_inf_nan=False), Allowed("a number from 1 to 120")
]
Url = Annotated[
    str,
    AfterValidator(checks.url),
    Allowed("an address such as https://example.org, without user, password, ? and #"),
]
HttpsUrl = Annotated[
    str,
    AfterValidator(checks.url),
    AfterValidator(checks.https),
    Allowed("an https address such as https://example.org/telegram, without user, password, ?, #"),
]
ClusterAddress = Annotated[
    str,
    AfterValidator(checks.cluster),
    Allowed(
        "host:port of the cluster's head as its machines know it (not localhost; an IPv6 address in"
        " brackets), or local"
    ),
]
Size = Annotated[
    str,
    AfterValidator(checks.size),
    Allowed("auto, or width x height such as 704x480 with multiples of 32 from 64 to 1280"),
]

Port = Annotated[
    int, _Number, Field(ge=0, le=65535), Allowed("a whole number from 0 (any free one) to 65535")
]
Count = Annotated[int, _Number, Field(gt=0), Allowed("a whole number above 0")]
Crf = Annotated[int, _Number, Field(ge=0, le=51), Allowed("a whole number from 0 to 51")]
Fps = Annotated[int, _Number, Field(ge=1, le=60), Allowed("a whole number from 1 to 60")]
Seconds = Annotated[
    float, _Number, Field(ge=0.3, le=30, allow_inf_nan=False), Allowed("a number from 0.3 to 30")
]
Grace = Annotated[
    float, _Number, Field(ge=0, le=3600, allow_inf_nan=False), Allowed("a number from 0 to 3600")
]
# Ten years, so that no time that is counted back leaves the calendar.
Hours = Annotated[
    float,
    _Number,
    Field(gt=0, le=87600, allow_inf_nan=False),
    Allowed("a number above 0, at most 87600"),
]
Days = Annotated[
    float,
    _Number,
    Field(gt=0, le=3650, allow_inf_nan=False),
    Allowed("a number above 0, at most 3650"),
]

Token = Annotated[
    SecretStr, AfterValidator(checks.token), Allowed("a token without spaces, in ASCII")
]
TelegramToken = Annotated[
    SecretStr,
    AfterValidator(checks.telegram_token),
    Allowed("a token as @BotFather gives it: digits, a colon, letters, digits, - and _"),
]
WebhookSecret = Annotated[
    SecretStr,
    AfterValidator(checks.webhook_secret),
    Allowed("1 to 256 of the characters A-Z, a-z, 0-9, _ and -"),
]
ApiKeys = Annotated[
    Mapping[_KeyName, SecretStr],
    AfterValidator(checks.api_keys),
    AfterValidator(checks.frozen),
    WrapSerializer(checks.thawed),
    Allowed(
        "a map of names to keys: names of 1 to 32 of a-z, 0-9, _ and - (not local), keys of at"
        " least 16 ASCII characters without spaces, all different",
        structured=True,
    ),
]

UserIds = Annotated[tuple[_UserId, ...], Allowed("a list of user ids (digits)", structured=True)]
HostPatterns = Annotated[
    tuple[_HostPattern, ...],
    Allowed("a list of host names without scheme and port; *.example.org is one", structured=True),
]
Networks = Annotated[
    tuple[_Network, ...], Allowed("a list of IP addresses or networks", structured=True)
]
Words = Annotated[
    tuple[_Word, ...], Allowed("a list of words, at most 200 characters each", structured=True)
]
Patterns = Annotated[
    tuple[_Pattern, ...], Allowed("a list of regular expressions", structured=True)
]
Exempt = Annotated[
    tuple[_Exempt, ...],
    Allowed(
        "a list of discord:<id>, telegram:<id>, web:<name> and discord-role:<id>", structured=True
    ),
]
Blocked = Annotated[
    tuple[_Blocked, ...],
    Allowed("a list of discord:<id>, discord-guild:<id> and telegram:<id>", structured=True),
]
Devices = Annotated[
    Literal["auto"] | Annotated[tuple[_Device, ...], Field(min_length=1)],
    Allowed("auto, or a list of devices such as cuda:0 and cpu:1", structured=True),
]
Servers = Annotated[
    tuple[VideosServer, ...],
    Allowed(
        "a list of {url, api_key, model, capacity}: an address with /v1, a key, a model's name and"
        " a whole number from 1 to 1000; all but the address may be left out",
        structured=True,
    ),
]
Loras = Annotated[
    Mapping[LoraMotion, LoraFile],
    AfterValidator(checks.frozen),
    WrapSerializer(checks.thawed),
    Allowed(
        "a map of motions to {path, weight}: a motion other than auto, a hub id or file,"
        " a weight above 0 and at most 2",
        structured=True,
    ),
]
Timeouts = Annotated[
    Deadlines,
    Allowed(
        "a map of load, prepare, step, decode and encode to seconds above 0, at most 86400",
        structured=True,
    ),
]
