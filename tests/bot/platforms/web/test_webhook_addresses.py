"""Whom a webhook may be sent to: by name when it is asked for, by address when it is sent."""

from __future__ import annotations

import pytest

from bot.platforms.web.webhooks import Webhooks
from generation.errors import UnsupportedOption

SECRET = b"the data folder's"


@pytest.mark.parametrize(
    ("address", "open_to_all"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_addresses_inside_are_told_from_those_outside(address: str, open_to_all: bool) -> None:
    assert Webhooks(["*"], SECRET).reach(address) is open_to_all


def test_a_private_address_that_is_listed_itself_is_reached() -> None:
    assert Webhooks(["10.1.2.3"], SECRET).reach("10.1.2.3")


@pytest.mark.parametrize(
    ("hosts", "url", "reason"),
    [
        ([], "https://hooks.example.org/x", "no_webhooks"),
        (["hooks.example.org"], "https://hooks.example.com/x", "webhook_host"),
        (["*"], "ftp://hooks.example.org/x", "format"),
        (["*"], "https://user:secret@hooks.example.org/x", "format"),
        (["*"], "https://hooks.example.org:99999/x", "format"),
        (["*"], "https://hooks.example.org/" + "x" * 2000, "format"),
        (["*"], "hooks", "format"),
    ],
)
def test_an_address_that_may_not_be_told_is_refused_before_anything_is_queued(
    hosts: list[str], url: str, reason: str
) -> None:
    with pytest.raises(UnsupportedOption) as refused:
        Webhooks(hosts, SECRET).address(url)
    assert (refused.value.reason, refused.value.param) == (reason, "webhook_url")


def test_without_an_address_nobody_is_told_and_a_listed_one_is_taken() -> None:
    webhooks = Webhooks(["*.example.org"], SECRET)
    assert webhooks.address(None) is None
    assert webhooks.address("https://hooks.example.org:8443/x?y=z")
