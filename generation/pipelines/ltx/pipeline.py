"""The model's engine: free of torch until it loads, so that its process answers from the start."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generation.engine.pipeline import OnLoading, Stage
from generation.engine.protocol import Animation, Capabilities
from generation.media.marking import DigitalSource
from generation.pipelines.ltx.detection import profile_for
from generation.pipelines.ltx.options import LtxOptions
from generation.pipelines.ltx.weights.present import capabilities_here, without_doubling

if TYPE_CHECKING:
    from generation.pipelines.ltx.conditioning import Guide
    from generation.pipelines.ltx.session import Session


class LtxPipeline:
    """Raises `Misconfigured` where the model is none we know, and no folder with one."""

    source = DigitalSource.TRAINED_ALGORITHMIC_MEDIA

    def __init__(self, options: LtxOptions, guide: Guide | None = None) -> None:
        _go_offline()
        self._guide = guide
        self._options = options
        self._profile = profile_for(options.model)
        self._session: Session | None = None

    @property
    def capabilities(self) -> Capabilities:
        """Once it is loaded, as memory left it: there may have been no room for its upsampler."""
        if self._session is None:
            options = self._options
            return capabilities_here(self._profile, options.model, two_stages=options.two_stages)
        known = self._profile.capabilities
        return known if self._session.upsampling else without_doubling(known)

    def load(self, loading: OnLoading) -> None:
        """Raises `Misconfigured` where weights are missing, or the device is of no use."""
        from generation.pipelines.ltx.start import open_session

        self._session = open_session(self._options, self._profile, loading)
        self._session.guide = self._guide

    def render(self, animation: Animation, stage: Stage) -> None:
        assert self._session, "load comes first"
        self._session.render(animation, stage)


def _go_offline() -> None:
    """Before anything of the hub is imported: nobody waits for one that is slow or blocked."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
