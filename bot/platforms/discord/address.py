"""Where an answer goes on Discord, and for how long an interaction's token opens that place."""

from __future__ import annotations

from bot.delivery.address import ChatAddress
from generation.events import Running, Waiting

PLATFORM = "discord"

LIFE = 900.0
"""Seconds for which Discord lets a token be used (docs: Receiving and Responding)."""

MARGIN = 10.0
"""Seconds before a token's end at which we stop using it: a slow upload has to arrive in time."""


class Address(ChatAddress):
    """Made from the interaction itself.

    `token` lets us write until `expires` (epoch seconds) even where the bot is no member, with
    files of up to `limit` bytes. `member`: the bot's own token reaches the channel as well.
    `restricted`: the channel is for adults. `source` is the message the picture was taken from.
    `named`: Discord does not show who asked, so we do. `notify`: they want to be told directly.
    """

    application: int
    channel: int
    user: int
    guild: int | None = None
    token: str | None = None
    expires: float = 0.0
    limit: int = 0
    member: bool = True
    source: int | None = None
    restricted: bool = False
    named: bool = False
    notify: bool = False

    def moved_to(self, chat: int) -> Address:
        """To the person directly, which is no part of any server; what is there the bot reaches."""
        return self.model_copy(update={"channel": chat, "guild": None, "member": True})

    def without_token(self) -> Address:
        """What is kept once the token has had its time."""
        return self.model_copy(update={"token": None, "expires": 0.0})

    def is_covered(self, *, restricted: bool) -> bool:
        """Whether its clip is covered in a place, and so is whatever is made of it there.

        As its picture was; and what is for adults, where that is not said of the place.
        """
        return self.spoiler or (self.restricted and not restricted)

    def open_for(self, now: float) -> float:
        """Seconds for which the token may still be used; 0 without one.

        One that seems to last longer than any does was given under a clock that was wrong.
        """
        left = self.expires - MARGIN - now
        return left if self.token is not None and 0 < left <= LIFE else 0.0


def outlives(address: Address, event: Waiting | Running, now: float) -> bool:
    """Whether the clip will be there only when we may no longer write where it was asked for."""
    if address.member or event.eta_seconds is None:
        return False
    return event.eta_seconds > address.open_for(now)
