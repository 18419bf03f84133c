"""Which engine serves, on which devices, and how its processes are started."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.runtime.extras import how_to_add
from bot.runtime.signing import signer_of
from config.sections import EngineSettings
from config.settings import Settings
from generation.directions.vocabulary import Motion
from generation.engine.process import EngineProcess
from generation.engine.protocol import Capabilities
from generation.errors import Misconfigured
from generation.events import PhaseName
from generation.media.provenance import Signer
from generation.pipelines.camera.capabilities import CAPABILITIES as CAMERA
from generation.pipelines.ltx.detection import profile_for
from generation.pipelines.ltx.options import Lora, LtxOptions, Memory
from generation.pipelines.ltx.profiles import Profile
from generation.pipelines.ltx.weights.present import missing

INHERITED = frozenset(
    {
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "TZ",
        "LD_LIBRARY_PATH",
        "XDG_CACHE_HOME",
        "HF_HOME",
        "HF_HUB_CACHE",
        "CUDA_HOME",
        "CUDA_VISIBLE_DEVICES",
        "CUDA_DEVICE_ORDER",
        "PYTORCH_CUDA_ALLOC_CONF",
        "TORCHINDUCTOR_CACHE_DIR",
        "OMP_NUM_THREADS",
        "IMAGEIO_FFMPEG_EXE",
    }
)
"""What an engine's process may know of our environment: nothing that could be a secret."""

EXTRA = ("torch", "diffusers", "transformers", "accelerate")
"""What the `ltx` extra installs."""

HERE = str(Path(__file__).parents[2])
"""Children run the code that asked, not what an editable install happens to point at."""

UNSERVED_ENGINE = (
    "Remote engines are not part of this version yet; set engine.name to auto, camera or ltx."
)


UNSERVED_CLUSTER = (
    "cluster.address is set, but this version cannot serve it yet; remove it to start."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine that serves: one process for each of `commands`.

    `instead_of` is the model that would serve if its weights were here; `signer` signs the clips.
    """

    capabilities: Capabilities
    commands: tuple[tuple[str, ...], ...]
    instead_of: Profile | None = None
    signer: Signer | None = None


def check_served(settings: Settings) -> None:
    """Refuse settings that ask for parts which this version does not have.

    Raises `Misconfigured`: to start without them would promise what nobody keeps.
    """
    if settings.engine.name == "videos":
        raise Misconfigured(UNSERVED_ENGINE)
    if settings.cluster.address is not None:
        raise Misconfigured(UNSERVED_CLUSTER)


def choose(settings: Settings) -> Choice:
    """The engine that `engine.name` asks for, or the one for this machine.

    Raises `Misconfigured`. The camera serves while the model's weights are missing.
    """
    check_served(settings)
    signer = signer_of(settings.marking, engine_environment(os.environ))
    signing = () if signer is None else ("--sign", signer.to_json())
    camera = (_command("camera", *signing),)
    engine = settings.engine
    if engine.name == "camera" or (engine.name == "auto" and not (has_extra() and gpus())):
        return Choice(CAMERA, camera, signer=signer)
    if not has_extra():
        raise Misconfigured(
            "engine.name is ltx, but its libraries are not installed; "
            f"install them with `{how_to_add('ltx')}`."
        )
    profile = profile_for(engine.model)
    if missing(profile, engine.model):
        return Choice(CAMERA, camera, instead_of=profile, signer=signer)
    commands = [
        _command("ltx", "--options", _options(engine, device).to_json(), *signing)
        for device in devices(engine)
    ]
    return Choice(profile.capabilities, tuple(commands), signer=signer)


def started_by(choice: Choice, settings: Settings) -> list[EngineProcess]:
    """A process, not started yet, for every device that serves."""
    deadlines = {phase: getattr(settings.engine.deadlines, phase) for phase in PhaseName}
    return [
        EngineProcess(
            command,
            capabilities=choice.capabilities,
            deadlines=deadlines,
            environment=engine_environment(os.environ),
        )
        for command in choice.commands
    ]


def notice(choice: Choice) -> str | None:
    """What people should know who expect the model and get the camera."""
    if choice.instead_of is None:
        return None
    name, size = choice.instead_of.name, choice.instead_of.sizes.total
    return (
        f"The camera engine serves, because the weights of {name} (about {size:.0f} GB) are not "
        "here: `photoplay download` fetches them, and the next start uses them."
    )


def engine_environment(environ: Mapping[str, str]) -> dict[str, str]:
    known = {name: value for name, value in environ.items() if name in INHERITED}
    return {**known, "PYTHONPATH": HERE}


def devices(engine: EngineSettings) -> Sequence[str]:
    """`engine.devices`, or every GPU that this process may see, or else the processor."""
    if engine.devices != "auto":
        return engine.devices
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    count = len(gpus()) if allowed is None else len([d for d in allowed.split(",") if d.strip()])
    return [f"cuda:{index}" for index in range(count)] or ["cpu"]


def has_extra() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in EXTRA)


def gpus() -> list[str]:
    """The names of the NVIDIA GPUs whose driver answers."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return answer.stdout.strip().splitlines() if answer.returncode == 0 else []


def _command(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "generation.child", *arguments)


def _options(engine: EngineSettings, device: str) -> LtxOptions:
    return LtxOptions(
        model=engine.model,
        device=device,
        memory=Memory(engine.memory),
        compile=None if engine.compile == "auto" else engine.compile,
        fp8=engine.fp8,
        cache=engine.cache,
        loras={
            Motion(motion): Lora(str(one.path), one.weight) for motion, one in engine.loras.items()
        },
    )
