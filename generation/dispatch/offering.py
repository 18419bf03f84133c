"""What can be asked for: of one engine, or of several together, each of which may have more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generation.engine.protocol import Capabilities, Engine


class Offering:
    """Looked at anew each time: an engine says what it can once it runs."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = engines

    @property
    def each(self) -> tuple[Capabilities, ...]:
        """Of the engines, each kind once; the first is what people expect to be served by."""
        return tuple(dict.fromkeys(engine.capabilities for engine in self._engines))

    @property
    def capabilities(self) -> Capabilities:
        """Everything that some engine has, under the name of the first one."""
        first, *others = self.each
        return replace(
            first,
            motions=first.motions.union(*(other.motions for other in others)),
            effects=first.effects.union(*(other.effects for other in others)),
            options=first.options.union(*(other.options for other in others)),
        )
