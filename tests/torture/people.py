"""Those who ask: with a key for each request, so that a lost answer may be asked for again."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from tests.fakes.program.process import Program
from tests.generation.images.pictures import corners, encoded

NAMES = ("ann", "ben", "cat")
KEYS = {name: f"a-key-that-is-{name}s-alone" for name in NAMES}
PICTURE = encoded(corners(), "PNG")
ENDED = {"completed", "failed"}
LENGTHS = ("9", "25", "97")
AT_ONCE = 4
"""Requests of one person that wait or run."""


@dataclass
class Asked:
    """One request: `id` once an answer came, `end` once it had ended."""

    who: str
    key: str
    frames: str
    id: str | None = None
    end: str | None = None
    cancelled: bool = False


class People:
    """They go on where the program is away, and remember every outcome they were told."""

    def __init__(self, program: Program, random: random.Random) -> None:
        self.asked: list[Asked] = []
        self._program = program
        self._random = random
        self._http = httpx.Client(timeout=10)

    def close(self) -> None:
        self._http.close()

    def something(self) -> None:
        """Somebody asks, asks again, looks, or takes a request back."""
        who = self._random.choice(NAMES)
        open_ones = [one for one in self.asked if one.who == who and one.end is None]
        if len(open_ones) < AT_ONCE:
            number = len(self.asked)
            one = Asked(who, f"request-{number}", self._random.choice(LENGTHS))
            self.asked.append(one)
            self.ask(one)
        else:
            one = self._random.choice(open_ones)
            if one.id is None or self._random.random() < 0.2:
                self.ask(one)
            elif self._random.random() < 0.1:
                self.take_back(one)
            self.look(one)

    def ask(self, one: Asked) -> None:
        """The same request as often as one likes; the same answer every time."""
        answer = self._call(
            "POST",
            "/v1/videos",
            one,
            data={"num_frames": one.frames, "size": "256x256", "prompt": f"pan left {one.key}"},
            files={"input_reference": ("p.png", PICTURE)},
            headers={"Idempotency-Key": one.key},
        )
        if answer is None or answer.status_code in (409, 503):  # away, still answered, stopping
            return
        assert answer.status_code == 200, answer.text
        assert one.id in (None, answer.json()["id"]), "a repeated request became another"
        one.id = answer.json()["id"]

    def look(self, one: Asked) -> None:
        answer = self._call("GET", f"/v1/videos/{one.id}", one) if one.id else None
        if answer is None or answer.status_code == 503:
            return
        assert answer.status_code == 200, answer.text
        outcome = _outcome(answer.json())
        assert one.end in (None, outcome), f"{one.id} ended as {one.end}, then as {outcome}"
        one.end = outcome

    def take_back(self, one: Asked) -> None:
        one.cancelled = True
        self._call("POST", f"/v1/videos/{one.id}/cancel", one)

    def until_all_has_ended(self, seconds: float) -> None:
        due = time.monotonic() + seconds
        while waiting := [one for one in self.asked if one.end is None]:
            log = self._program.log[-5000:]
            assert time.monotonic() < due, f"{len(waiting)} without an end: {waiting[:3]}\n{log}"
            for one in waiting:
                if one.id is None:
                    self.ask(one)
                self.look(one)
            time.sleep(0.1)

    def _call(self, method: str, path: str, one: Asked, **more: Any) -> httpx.Response | None:
        headers = {"Authorization": f"Bearer {KEYS[one.who]}"} | more.pop("headers", {})
        with suppress(httpx.TransportError):
            url = f"{self._program.url}{path}"
            return self._http.request(method, url, headers=headers, **more)
        return None


def _outcome(video: dict[str, Any]) -> str | None:
    if video["status"] not in ENDED:
        return None
    return video["error"]["code"] if video["status"] == "failed" else "completed"
