"""Whom a forgotten job counts for: a name that only the holder of the secret can make again."""

from __future__ import annotations

import hashlib
import hmac

from generation.jobs import Requester


class Pseudonyms:
    """`secret` is `data_dir/secret`: without it nobody can tell whose a forgotten job was."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, requester: Requester) -> str:
        """The user under whom this requester's forgotten jobs are kept."""
        digest = hmac.new(self._secret, str(requester).encode(), hashlib.sha256)
        return f"forgotten-{digest.hexdigest()}"
