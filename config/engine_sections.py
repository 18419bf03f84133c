"""What makes the clips: the engine's section, and the cluster's whose GPUs may do it."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from config import kinds
from config.sections import Section, broken_rule


class EngineSettings(Section):
    name: kinds.EngineName = Field(
        default="auto",
        description="auto, camera, ltx or videos; auto is ltx with a usable GPU and the extra"
        " installed, else camera.",
    )
    model: kinds.Model = Field(
        default="auto",
        description="auto (the best model for the card whose weights are here), a model's name, its"
        " hub id, or its folder.",
    )
    compile: kinds.Compile = Field(
        default="auto",
        description="Compile the model: a slower start, faster clips; auto is on with CUDA.",
    )
    fp8: kinds.Switch = Field(
        default=False,
        description="Keep the model's weights in 8 bits: less memory, a little less quality.",
    )
    cache: kinds.Switch = Field(
        default=False, description="Skip work between similar steps: faster, a little less quality."
    )
    loras: kinds.Loras = Field(
        default_factory=dict, description="Camera LoRAs: a map of motions to {path, weight}."
    )
    deadlines: kinds.Timeouts = Field(
        default_factory=kinds.Deadlines,
        description="Seconds without progress in a phase before the engine is restarted; phases"
        " left out keep their default.",
    )
    memory: kinds.Memory = Field(
        default="auto",
        description="How much GPU memory may be used: auto, full, text, offload or low.",
    )
    guidance: kinds.Guidance = Field(
        default="plain",
        description="How LTX-Video is steered: plain, interval (only where it is seen: faster) or"
        " authors (as its authors do: slower).",
    )
    guide: kinds.Guide = Field(
        default="off",
        description="off, or camera: the last frame that the camera engine would show of a pan,"
        " zoom or orbit leads a model that takes an end picture.",
    )
    two_stages: kinds.Switch = Field(
        default=True,
        description="Make large clips small first, then in full size with few steps more, where the"
        " model has an upsampler, it is here, and memory allows.",
    )
    picture_crf: kinds.Crf = Field(
        default=29,
        description="How coarsely LTX-Video's pictures are compressed before it sees them, so that"
        " clips move (x264's CRF); 0 leaves them as they are.",
    )
    url: kinds.Url | None = Field(
        default=None,
        description="For videos: the OpenAI-Videos-compatible server that makes the clips.",
    )
    api_key: kinds.Token | None = Field(
        default=None, description="For videos: the key for that server."
    )
    servers: kinds.Servers = Field(
        default=(),
        description="Other OpenAI-Videos-compatible servers that make clips too: a list of"
        " {url, api_key, model, capacity}.",
    )
    devices: kinds.Devices = Field(
        default="auto", description="auto, or a list of devices: one engine process for each."
    )

    @model_validator(mode="after")
    def _videos_need_a_server(self) -> Self:
        if self.name == "videos" and self.url is None and not self.servers:
            raise broken_rule(
                "engine.name", "asks for another server, so engine.url must be its address"
            )
        return self


class ClusterSettings(Section):
    address: kinds.ClusterAddress | None = Field(
        default=None,
        description="host:port of a Ray head whose GPUs serve the queue; local starts one here.",
    )
    token: kinds.Token | None = Field(
        default=None, description="The token of the cluster: RAY_AUTH_TOKEN of its machines."
    )
