"""Who may be told of a video's end by a webhook, and how they know that it is us who tell."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from generation.errors import UnsupportedOption
from generation.jobs import ReplyAddress, Requester

LONGEST_URL = 2000
NAT64 = IPv6Network("64:ff9b::/96")


class Webhooks:
    """`hosts` are the operator's: none, no webhooks. `secret` is the data folder's."""

    def __init__(self, hosts: Collection[str], secret: bytes) -> None:
        self._hosts = frozenset(host.strip("[]").lower() for host in hosts)
        self._secret = secret

    @property
    def wanted(self) -> bool:
        return bool(self._hosts)

    def address(self, url: str | None) -> ReplyAddress | None:
        """Where the end is to be told, checked; raises `UnsupportedOption`."""
        if url is None:
            return None
        if not self.wanted:
            raise UnsupportedOption("no_webhooks", "webhook_url")
        host = _host(url)
        if host is None:
            raise UnsupportedOption("format", "webhook_url")
        if not self.allow(url):
            raise UnsupportedOption("webhook_host", "webhook_url")
        return ReplyAddress(url)

    def allow(self, url: str) -> bool:
        """Whether the operator has this host among those that may be told, as it is now."""
        host = _host(url)
        return host is not None and any(fnmatchcase(host, one) for one in self._hosts)

    def reach(self, address: str) -> bool:
        """Whether a connection may go there: a private address only where it is listed itself."""
        found = ip_address(address.partition("%")[0])
        return all(one.is_global and not one.is_multicast for one in _meant(found)) or (
            str(found) in self._hosts
        )

    def secret_of(self, requester: Requester) -> str | None:
        """What the requester's webhooks are signed with, as Standard Webhooks write it."""
        if not self.wanted:
            return None
        return f"whsec_{base64.b64encode(self._key(requester)).decode()}"

    def signature(self, requester: Requester, event_id: str, moment: int, body: bytes) -> str:
        content = f"{event_id}.{moment}.".encode() + body
        digest = hmac.new(self._key(requester), content, hashlib.sha256).digest()
        return f"v1,{base64.b64encode(digest).decode()}"

    def _key(self, requester: Requester) -> bytes:
        return hmac.new(self._secret, f"webhook {requester}".encode(), hashlib.sha256).digest()


def _host(url: str) -> str | None:
    """`None` for what is no address of a web server that could be told."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    plain = len(url) <= LONGEST_URL and url.isascii() and url.isprintable() and " " not in url
    if not plain or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return None
    return parts.hostname


def _meant(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address, and the one that a gateway would make of it."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    inner = [one for one in (address.sixtofour, *(address.teredo or ())) if one is not None]
    if address in NAT64:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *inner]
