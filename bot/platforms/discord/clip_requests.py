"""What somebody wants a clip of, as plain values: so that it can wait on the disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from bot.chat.buttons import Verb
from bot.platforms.discord.address import Address
from bot.platforms.discord.pictures import Source
from bot.submission.options import Options
from bot.submission.person import Person
from generation.adapter import Adapter
from generation.media.joining.film import FilmStyle


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """The pictures are still on Discord's servers; `others` were shown beside them.

    Of `further` ones there is to be a clip each as well.
    """

    picture: Source
    options: Options
    end: Source | None = None
    others: int = 0
    further: tuple[Source, ...] = ()
    kind: Literal["picture"] = "picture"

    @property
    def spoiler(self) -> bool:
        return self.picture.spoiler or (self.end is not None and self.end.spoiler)


@dataclass(frozen=True, slots=True)
class RemakeRequest:
    """Another clip from an old one; `changes` are all options as they should be now."""

    job_id: str
    verb: Verb
    changes: Options | None = None
    kind: Literal["remake"] = "remake"


@dataclass(frozen=True, slots=True)
class StoryboardRequest:
    """A film: its scenes with their pictures, which are still on Discord's servers."""

    scenes: tuple[tuple[Options, Source | None], ...]
    style: FilmStyle
    kind: Literal["storyboard"] = "storyboard"

    @property
    def spoiler(self) -> bool:
        return any(picture is not None and picture.spoiler for _, picture in self.scenes)


Wanted = Annotated[PictureRequest | RemakeRequest | StoryboardRequest, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """`number` is the interaction's or the message's that asked; `part` counts its pictures."""

    number: int
    person: Person
    address: Address
    wanted: Wanted
    part: int = 0

    @property
    def key(self) -> str:
        return f"{self.number}-{self.part}" if self.part else str(self.number)

    @property
    def further(self) -> list[ClipRequest]:
        """One more for each further picture; only the first has the answer to the interaction."""
        if not isinstance(self.wanted, PictureRequest):
            return []
        wanted, address = self.wanted, self.address.without_token()
        return [
            replace(
                self,
                part=part,
                address=address,
                wanted=replace(wanted, picture=picture, further=()),
            )
            for part, picture in enumerate(wanted.further, start=1)
        ]


CLIP_REQUEST: Adapter[ClipRequest] = Adapter(ClipRequest)
