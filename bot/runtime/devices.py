"""The devices of this machine that serve, one engine's process for each, and what each one sees."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.runtime.gpus import Machine
from config.engine_sections import EngineSettings
from generation.errors import Misconfigured
from generation.pipelines.ltx.options import LtxOptions


@dataclass(frozen=True, slots=True)
class Child:
    """How one engine process is started: what its environment has beyond the common part.

    `name`: its device, by which the operator knows it.
    """

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str = "engine"


def devices(engine: EngineSettings, machine: Machine) -> Sequence[str]:
    """`engine.devices`, or every GPU that torch may use, or else the processor."""
    if engine.devices != "auto":
        return engine.devices
    if not machine.names:
        return ["cpu"]
    return [f"cuda:{index}" for index in range(len(machine.cuda.cards))] or ["cuda:0"]


def camera_children(engine: EngineSettings, signing: Sequence[str]) -> tuple[Child, ...]:
    """The camera draws on the processor, as often as `engine.devices` names one.

    Raises `Misconfigured` where the camera is to serve on something else.
    """
    asked = ("cpu",) if engine.devices == "auto" else engine.devices
    usable = [device for device in asked if _kind(device) == "cpu"]
    if engine.name == "camera" and len(usable) < len(asked):
        raise Misconfigured(
            "engine.devices names a GPU, but engine.name is camera, which draws on the processor:"
            ' list cpu:0, cpu:1, … for several of it, or leave engine.devices at "auto".'
        )
    command = child_command("camera", *signing)
    return tuple(Child(command, name=name) for name in _told_apart(usable or ("cpu",)))


def model_children(
    options: LtxOptions, names: Sequence[str], signing: Sequence[str]
) -> tuple[Child, ...]:
    """A process for each of these devices."""
    children = (_child(options, device, signing) for device in names)
    named = zip(children, _told_apart(names), strict=True)
    return tuple(replace(child, name=name) for child, name in named)


def _child(options: LtxOptions, device: str, signing: Sequence[str]) -> Child:
    """A process sees its own GPU alone, which is its first one: a context on another one would
    take memory there.
    """
    if _kind(device) != "cuda":
        options = replace(options, device=_kind(device))
        return Child(child_command("ltx", "--options", options.to_json(), *signing))
    seen = [name.strip() for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name]
    number = int(device.partition(":")[2] or 0)
    visible = seen[number] if number < len(seen) else str(number)
    options = replace(options, device="cuda:0")
    command = child_command("ltx", "--options", options.to_json(), *signing)
    return Child(command, {"CUDA_VISIBLE_DEVICES": visible})


def child_command(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "generation.child", *arguments)


def _kind(device: str) -> str:
    return device.partition(":")[0]


def _told_apart(names: Iterable[str]) -> list[str]:
    """The same device named twice makes two engines, which need two names."""
    counts: Counter[str] = Counter()
    told = []
    for name in names:
        counts[name] += 1
        told.append(name if counts[name] == 1 else f"{name}#{counts[name]}")
    return told
