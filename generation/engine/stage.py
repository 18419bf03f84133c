"""What a pipeline renders onto: reports go up, frames go to an encoder on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Full, Queue

from generation.engine.clip_recipe import recipe_of
from generation.engine.memory import out_of_memory
from generation.engine.pipeline import Interrupted
from generation.engine.protocol import (
    Animation,
    Capabilities,
    Crashed,
    Done,
    Outcome,
    Phase,
    Preview,
    Report,
    Step,
)
from generation.errors import GenerationFailed
from generation.events import Cancelled, Failed, PhaseName
from generation.jobs import Clip
from generation.media.encode import ClipEncoder, EncoderKilled
from generation.media.frames import Frames, Samples
from generation.media.marking import DigitalSource
from generation.media.provenance import Signer
from generation.media.recipe import Scalar
from generation.media.sound import Sound
from generation.notes import Note

BACKLOG = 8
"""Batches of frames that may wait for the encoder: enough to even out, little memory."""

WAKE = 0.1
"""Seconds after which somebody who waits on the other thread looks whether it still lives."""

Ending = Outcome | Crashed

log = logging.getLogger("photoplay.engine")


class EncodingStage:
    """One attempt at one job, from its first report to its outcome."""

    def __init__(
        self,
        animation: Animation,
        capabilities: Capabilities,
        source: DigitalSource,
        tell: Callable[[Report], None],
        signer: Signer | None = None,
    ) -> None:
        self._animation = animation
        self._signer = signer
        self._source = source
        self._capabilities = capabilities
        self._tell = tell
        self._prompt = animation.request.prompt
        self._remembered: dict[str, Scalar] = {}
        self._interrupted = threading.Event()
        self._backlog: Queue[Frames | None] = Queue(maxsize=BACKLOG)
        self._encoder = threading.Thread(target=self._encode, daemon=True)
        self._sound: Sound | None = None
        self._outcome: Ending | None = None

    def interrupt(self) -> None:
        self._interrupted.set()

    def phase(self, name: PhaseName) -> None:
        self._say(Phase(name))

    def step(self, index: int, total: int) -> None:
        self._say(Step(index, total))

    def preview(self, jpeg: bytes) -> None:
        self._say(Preview(jpeg))

    def note(self, note: Note) -> None:
        self._say(note)

    def effective_prompt(self, text: str) -> None:
        self._prompt = text

    def remember(self, name: str, value: Scalar) -> None:
        if self._encoder.ident:
            raise ValueError("what is kept in the recipe came after the first frames")
        self._remembered[name] = value

    def sound(self, samples: Samples, rate: int) -> None:
        if self._encoder.ident:
            raise ValueError("the sound came after the first frames")
        self._check()
        self._sound = Sound(samples, rate)

    def frames(self, frames: Frames) -> None:
        if not self._encoder.ident:
            self._encoder.start()
        while True:
            self._check()
            try:
                self._backlog.put(frames, timeout=WAKE)
            except Full:
                continue
            return

    def finish(self, then: Callable[[Animation, Ending], None]) -> None:
        """Let the encoder end on its own while the next job is rendered; `then` hears of it."""
        threading.Thread(target=self._await_encoder, args=(then,), daemon=True).start()

    def abort(self) -> None:
        """End the encoder without a clip; nothing of it is left on disk."""
        self._interrupted.set()
        while self._encoder.is_alive():
            self._wake()
            self._encoder.join(WAKE)

    def ended(self) -> Ending:
        """Why `Interrupted` was raised: the encoder failed, or else somebody cancelled."""
        return self._outcome or Cancelled()

    def _wake(self) -> None:
        """The end of the frames; where the backlog is full the encoder is not asleep anyway."""
        with suppress(Full):
            self._backlog.put_nowait(None)

    def _say(self, report: Report) -> None:
        self._check()
        self._tell(report)

    def _check(self) -> None:
        if self._interrupted.is_set() or self._outcome is not None:
            raise Interrupted

    def _await_encoder(self, then: Callable[[Animation, Ending], None]) -> None:
        while self._encoder.is_alive():
            self._wake()
            self._encoder.join(WAKE)
        outcome = self._outcome or Failed("generation_failed", "no_frames")
        then(self._animation, outcome)

    def _encode(self) -> None:
        try:
            self._outcome = Done(self._encoded())
        except Interrupted:
            self._outcome = Cancelled()
        except EncoderKilled as error:
            log.exception("the encoder was killed")
            self._outcome = Crashed(error.__notes__[0])
        except GenerationFailed as error:
            log.exception("the encoder failed")
            self._outcome = Failed(error.code, error.reason, error.facts)
        except Exception as error:  # the outcome is all that leaves this thread
            log.exception("the encoder failed")
            self._outcome = out_of_memory(error) or Failed("generation_failed", "not_written")

    def _encoded(self) -> Clip:
        with ClipEncoder(
            self._animation.clip,
            recipe_of(self._animation.request, self._capabilities, self._prompt, self._remembered),
            source=self._source,
            thumbnail=self._animation.thumbnail,
            sound=self._sound,
            signer=self._signer,
        ) as encoder:
            while (frames := self._backlog.get()) is not None:
                for first in range(0, len(frames), BACKLOG):
                    self._stop_if_interrupted()
                    encoder.write(frames[first : first + BACKLOG])
            self._stop_if_interrupted()
            return encoder.finish()

    def _stop_if_interrupted(self) -> None:
        if self._interrupted.is_set():
            raise Interrupted
