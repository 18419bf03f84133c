"""How a call of a server may go wrong: each kind is met in another way."""

from __future__ import annotations

import httpx

from generation.engine.protocol import WorkerLost


class BrokenAnswer(WorkerLost):
    """The server is there and answers what makes no sense: a job meets that a few times at most."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, guilty=True)


class ServerRefuses(Exception):
    """The server understood and says no; `code` is its word for it, the text is for the log."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code


class ServerBusy(Exception):
    """It takes nothing for some seconds, for the reason `why`."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(f"The server takes nothing now ({why}).")
        self.seconds = seconds


class ServerOccupied(WorkerLost):
    """It takes nothing for longer than anybody waits with a job in hand."""

    def __init__(self, busy: ServerBusy) -> None:
        super().__init__(str(busy), guilty=False)
        self.seconds = busy.seconds


class ServerFails(httpx.HTTPError):
    """An answer of 500 and more."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status}")
        self.status = status


class HalfFile(httpx.TransportError):
    """The connection broke while a file was on its way."""


class EndlessFile(Exception):
    """A file that is larger than any clip."""
