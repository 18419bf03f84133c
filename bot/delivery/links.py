"""Addresses under which a clip can be watched without an account, where a chat cannot hold it."""

from __future__ import annotations

import time
from collections.abc import Callable

from generation.errors import JobNotFound
from generation.store.signed_values import NotOurs, SignedValues

SALT = "clip"
"""Keeps these signatures apart from the cookies', which have the same key."""


class Links:
    """`public_url` is where people reach the page; without one there are no addresses.

    An address is good for `valid_for` seconds: no longer than the clip is kept.
    """

    def __init__(
        self,
        public_url: str | None,
        secret: bytes,
        *,
        valid_for: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.page = public_url
        self._base = public_url.rstrip("/") if public_url is not None else None
        self._signer = SignedValues(secret, SALT, clock=clock)
        self._valid_for = valid_for

    def to(self, job_id: str) -> str | None:
        if self._base is None:
            return None
        return f"{self._base}/clips/{self._signer.sign(job_id)}"

    def job(self, signed: str) -> str:
        """The clip that an address was made for; raises `JobNotFound`."""
        try:
            return str(self._signer.read(signed, valid_for=self._valid_for))
        except NotOurs:
            raise JobNotFound("address") from None
