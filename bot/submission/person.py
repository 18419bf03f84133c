"""Who asks, as far as a limit, a language or a right depends on it."""

from __future__ import annotations

from dataclasses import dataclass

from generation.jobs import Job, Requester


@dataclass(frozen=True, slots=True)
class Person:
    """`identities` begin with the person's own: `discord:1`, `discord-guild:2`, `discord-role:3`.

    `operator` may use the operator's commands. `moderator` may end and delete other people's
    clips: a platform sets it only for a clip of the chat in which the person moderates. `address`
    is where somebody without a name asks from.
    """

    requester: Requester
    locale: str | None
    identities: tuple[str, ...]
    operator: bool = False
    moderator: bool = False
    address: str | None = None

    @property
    def owner(self) -> str:
        """Whose turns in the intake are theirs: a browser can be anybody, an address cannot."""
        return str(self.requester) if self.address is None else f"web@{self.address}"

    def may_end(self, job: Job) -> bool:
        return job.requester == self.requester or self.operator or self.moderator
