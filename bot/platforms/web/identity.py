"""Who is asking over HTTP: a key's owner, one browser, or this machine's own user."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from pydantic import SecretStr
from starlette.requests import HTTPConnection
from starlette.responses import Response

from bot.platforms.web.wrong_keys import WrongKeys
from bot.submission.person import Person
from generation.jobs import Requester
from generation.store.signed_values import NotOurs, SignedValues

COOKIE = "photoplay"
"""The first half of its name; the port follows, since ports of a host share their cookies. Alone
it is the name of version 0.2.0, which is still read.
"""
COOKIE_DAYS = 30
LOCAL = "local"


class Unauthorized(Exception):
    """The request needs a key that it did not bring."""


class UnknownCookie(Unauthorized):
    """It needs no key, but the cookie that it brought was not made here; the page makes another."""


class Identity:
    """Without keys: the page's cookie is that browser, anything else is `web:local`."""

    def __init__(
        self,
        keys: Mapping[str, SecretStr],
        secret: bytes,
        *,
        port: int,
        secure: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = {name: key.get_secret_value() for name, key in keys.items()}
        self._names = {_hash(key): name for name, key in self._keys.items()}
        self._cookies = SignedValues(secret, "photoplay-cookie", clock=clock)
        self._cookie_name = f"{COOKIE}-{port}"
        self._secure = secure
        self._wrong_keys = WrongKeys()
        self._was_right: set[tuple[str, str]] = set()

    @property
    def keys_needed(self) -> bool:
        return bool(self._keys)

    def caller(self, connection: HTTPConnection) -> Person:
        """Raises `Unauthorized`, also for a cookie that was not made here.

        Raises `QuotaExceeded` after too many wrong keys.
        """
        header = connection.headers.get("authorization")
        if header is not None:
            return self._by_header(header, address_of(connection))
        cookie = self._cookie(connection)
        if self._keys:
            name = self._opened_by(cookie)
            if name is None:
                raise Unauthorized
            return _person(name)
        if browser := cookie.get("browser"):
            return _person(f"browser-{browser}", address_of(connection))
        if self._cookie_name in connection.cookies:
            raise UnknownCookie
        return _person(LOCAL, address_of(connection))

    def may_look_inside(self, connection: HTTPConnection) -> bool:
        """Metrics are for this machine or for somebody with a key."""
        if address_of(connection) in {"127.0.0.1", "::1"}:
            return True
        return self._name_of(connection.headers.get("authorization", "")) is not None

    def greet(self, connection: HTTPConnection, response: Response) -> None:
        """Renew the cookie of who opens the page; where no key is needed, give everybody one."""
        cookie = self._cookie(connection)
        if not self._keys:
            self._set(response, {"browser": cookie.get("browser") or secrets.token_hex(8)})
        elif self._opened_by(cookie) is not None:
            self._set(response, cookie)

    def trade(self, key: str, connection: HTTPConnection, response: Response) -> None:
        """Turn a key into the page's cookie.

        Raises `Unauthorized` for a wrong one, `QuotaExceeded` after too many of them.
        """
        name = self._tried(f"Bearer {key}", address_of(connection))
        self._set(response, {"name": name, "key": self._fingerprint(name)})

    def part(self, response: Response) -> None:
        """End the session of who signs out."""
        response.delete_cookie(
            self._cookie_name, httponly=True, samesite="strict", secure=self._secure
        )
        response.delete_cookie(COOKIE)

    def _opened_by(self, cookie: Mapping[str, str]) -> str | None:
        """Whose key the session was opened with, as long as that key holds."""
        name, key = cookie.get("name", ""), cookie.get("key", "")
        holds = name in self._keys and hmac.compare_digest(key, self._fingerprint(name))
        return name if holds else None

    def _by_header(self, header: str, address: str) -> Person:
        if not self._keys:
            return _person(LOCAL, address)
        return _person(self._tried(header, address))

    def _tried(self, header: str, address: str) -> str:
        """Whoever was right from this address before goes on: others there may be wrong."""
        name = self._name_of(header)
        if name is not None and (address, name) in self._was_right:
            return name
        self._wrong_keys.check(address)
        if name is None:
            self._wrong_keys.count(address)
            raise Unauthorized
        self._was_right.add((address, name))
        return name

    def _name_of(self, header: str) -> str | None:
        scheme, _, given = header.partition(" ")
        if scheme.lower() != "bearer":
            return None
        return self._names.get(_hash(given.strip()))  # of a hash: the time tells nothing

    def _fingerprint(self, name: str) -> str:
        """A changed key ends the sessions it opened."""
        return hashlib.sha256(self._keys[name].encode()).hexdigest()[:16]

    def _cookie(self, connection: HTTPConnection) -> dict[str, str]:
        """A session ends after `COOKIE_DAYS`; a browser stays itself."""
        valid_for = COOKIE_DAYS * 86400.0 if self._keys else None
        sent = connection.cookies
        for name in (self._cookie_name, COOKIE):
            with suppress(NotOurs):
                content = self._cookies.read(sent.get(name, ""), valid_for=valid_for)
                return content if isinstance(content, dict) else {}
        return {}

    def _set(self, response: Response, content: dict[str, str]) -> None:
        response.set_cookie(
            self._cookie_name,
            self._cookies.sign(content),
            max_age=COOKIE_DAYS * 86400,
            httponly=True,
            samesite="strict",
            secure=self._secure,
        )


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def address_of(connection: HTTPConnection) -> str:
    """Of who asks; behind trusted proxies the one that they forward."""
    return connection.client.host if connection.client else ""


def _person(name: str, address: str | None = None) -> Person:
    requester = Requester("web", name)
    return Person(requester, None, (str(requester),), address=address)
