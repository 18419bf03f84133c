"""Values that come back to us signed: cookies and addresses, also after the clock was put back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer


class NotOurs(Exception):
    """It was not signed here, was changed on the way, or is too old."""


class SignedValues:
    """`salt` keeps the signatures of one purpose apart from those of another.

    A value from a future that turned out wrong is as good as a new one: itsdangerous itself would
    refuse it until that future has come. `clock` gives epoch seconds.
    """

    def __init__(self, secret: bytes, salt: str, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._serializer = URLSafeTimedSerializer(
            secret, salt=salt, signer=_clocked(lambda: int(clock()))
        )

    def sign(self, value: object) -> str:
        return str(self._serializer.dumps(value))

    def read(self, signed: str, *, valid_for: float | None = None) -> Any:
        """Raises `NotOurs`; without `valid_for` seconds a value is good for ever."""
        try:
            value, signed_at = self._serializer.loads(signed, return_timestamp=True)
        except BadData:
            raise NotOurs from None
        if valid_for is not None and self._clock() - signed_at.timestamp() > valid_for:
            raise NotOurs
        return value


def _clocked(clock: Callable[[], int]) -> type[TimestampSigner]:
    class Clocked(TimestampSigner):
        def get_timestamp(self) -> int:
            return clock()

    return Clocked
