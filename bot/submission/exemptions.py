"""Who has no limits of their own: the one place that decides it, for every platform."""

from __future__ import annotations

from collections.abc import Collection

from bot.submission.person import Person

WEB = "web"


class Exemptions:
    """`identities` are `limits.exempt`: people (`discord:1`, `web:alice`) and roles.

    `web`: everybody who asks over HTTP. Without keys the program serves only the machine it runs
    on, so its browsers are its user's.
    """

    def __init__(self, identities: Collection[str] = (), *, web: bool = False) -> None:
        self._identities = frozenset(identities)
        self._web = web

    def cover(self, person: Person) -> bool:
        if self._web and person.requester.platform == WEB:
            return True
        return self.name(person)

    def name(self, person: Person) -> bool:
        """Whether the operator did."""
        return not self._identities.isdisjoint(person.identities)
