"""How large each checkpoint is, in memory and over the line: a table, free of torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Gigabytes (10⁹ bytes) of bf16 weights in memory; their sum is what `full` keeps resident."""

    transformer: float
    text_encoder: float
    rest: float

    @property
    def total(self) -> float:
        return self.transformer + self.text_encoder + self.rest


TWO_BILLION = Sizes(transformer=3.85, text_encoder=9.5, rest=2.5)
THIRTEEN_BILLION = Sizes(transformer=26.1, text_encoder=9.5, rest=2.5)
NINETEEN_BILLION = Sizes(transformer=37.8, text_encoder=24.4, rest=5.5)
TWENTY_TWO_BILLION = Sizes(transformer=38.0, text_encoder=24.4, rest=8.2)
LTX_2_5 = Sizes(transformer=38.0, text_encoder=23.9, rest=8.2)
"""The connectors between text and model make 3 GB of LTX-2's rest, and 6 GB from 2.3 on."""

T5, GEMMA = 19.05, 48.75
"""GB over the line: both text encoders are published in float32, LTX-2.5's in bf16 (23.92)."""

DOWNLOADS = {
    "LTX-Video": T5 + 7.69 + 1.68,
    "LTX-Video-0.9.1": T5 + 5.72,
    "LTX-Video-0.9.5": T5 + 6.34,
    "LTX-Video-0.9.7-dev": T5 + 26.09 + 2.49,
    "LTX-Video-0.9.7-distilled": T5 + 26.09 + 2.49,
    "LTX-Video-0.9.8-13B-distilled": T5 + 26.09 + 2.49,
    "LTX-Video-2B-0.9.8-distilled": T5 + 6.34,
    "LTX-2": GEMMA + 43.29,
    "LTX-2-distilled": GEMMA + 43.29,
    "LTX-2.3": GEMMA + 37.99 + 12.7 + 1.9,
    "LTX-2.5": 70.09,
}
"""GB that `photoplay download` fetches: the text encoder, then the transformer and the rest, by the
hub's file lists (T5 4.99 + 5.00 + 4.87 + 4.19; the 13B's transformer 4.87 + 4 of 4.97 + 1.34).
0.9.0 is in float32. Where a single file holds all but the text encoder, its size stands here: of
0.9.1 (5.72), 0.9.5 and the 2B 0.9.8 (6.34), LTX-2 (43.29, the same parts as in its folders). Both
LTX-2 share their text encoder. 2.3: transformer, connectors in float32, VAEs and vocoder. 2.5: the
bytes of the 28 files without what is `UNUSED`. 13B: that of 0.9.7-dev, whose shape the others have.
"""
