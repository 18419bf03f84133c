"""Checks that pydantic has no word for; each returns its value or raises ValueError.

Their messages are for tracebacks in development: an operator reads `Allowed` instead.
"""

from __future__ import annotations

import ipaddress
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr, SerializerFunctionWrapHandler

Key = TypeVar("Key")
Value = TypeVar("Value")

OF_THIS_MACHINE_ALONE = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1", "::"})
"""Ray goes to another one in their place: this machine's in the network."""


def no_bool(value: Value) -> Value:
    if isinstance(value, bool):  # pydantic would read `true` as the number 1
        raise ValueError("is not a number")
    return value


def _visible(text: str) -> bool:
    return re.fullmatch(r"[!-~]+", text) is not None


def token(token: SecretStr) -> SecretStr:
    if not _visible(token.get_secret_value()):
        raise ValueError("is not a token")
    return token


def telegram_token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9:_-]+", token.get_secret_value()):  # it becomes part of a path
        raise ValueError("is not a token")
    return token


def webhook_secret(secret: SecretStr) -> SecretStr:
    # https://core.telegram.org/bots/api#setwebhook, secret_token
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("is not a webhook secret")
    return secret


def api_keys(keys: Mapping[str, SecretStr]) -> Mapping[str, SecretStr]:
    texts = [key.get_secret_value() for key in keys.values()]
    if not all(_visible(text) and len(text) >= 16 for text in texts):
        raise ValueError("has a key that is too short")
    if len(set(texts)) < len(texts):  # a key has to tell who is asking
        raise ValueError("has the same key twice")
    if "local" in keys:  # web:local is whoever asks where there are no keys
        raise ValueError("has the reserved name")
    return keys


def frozen(values: Mapping[Key, Value]) -> Mapping[Key, Value]:
    return MappingProxyType(dict(values))


def thawed(values: Mapping[Key, Value], serialize: SerializerFunctionWrapHandler) -> object:
    return serialize(dict(values))  # pydantic knows no read-only mapping


def url(url: str) -> str:
    parts = urlsplit(url)
    _ = parts.port  # raises ValueError for a port that is none
    absolute = parts.scheme in ("http", "https") and parts.hostname
    if not (absolute and _visible(url)) or "@" in parts.netloc or "?" in url or "#" in url:
        raise ValueError("is not an address")
    return url.rstrip("/")


def https(url: str) -> str:
    if urlsplit(url).scheme != "https":
        raise ValueError("is not an https address")
    return url


def pattern(pattern: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubtful pattern is still the operator's choice
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError):
            raise ValueError("is not a regular expression") from None
    return pattern


def network(address: str) -> str:
    ipaddress.ip_network(address, strict=False)
    return address


def size(size: str) -> str:
    sides = re.fullmatch(r"([0-9]{2,4})x([0-9]{2,4})", size)
    on_grid = sides and all(int(side) in range(64, 1281, 32) for side in sides.groups())
    if size != "auto" and not on_grid:
        raise ValueError("is not a size")
    return size


def cluster(address: str) -> str:
    host, _, port = address.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    enclosed = bare != host or ":" not in host
    known = enclosed and _is_host(bare) and bare.lower() not in OF_THIS_MACHINE_ALONE
    if address != "local" and not (known and _is_port(port)):
        raise ValueError("is not host:port")
    return address


def host(host: str) -> str:
    if not _is_host(host):
        raise ValueError("is not a host")
    return host


def host_pattern(pattern: str) -> str:
    if pattern != "*":
        host(pattern.removeprefix("*."))
    return pattern


def _is_port(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", text) is not None and 1 <= int(text) <= 65535


def _is_host(host: str) -> bool:
    return _is_address(host) or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", host) is not None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host.lower() == "localhost":
        return True
    return _is_address(host) and ipaddress.ip_address(host).is_loopback


def as_digits(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("names somebody without a home") from None
