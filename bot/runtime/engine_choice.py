"""Which engine serves, on which devices, and how its processes are started."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Union

import structlog

from bot.runtime import gpus
from bot.runtime.cluster_choice import check_cluster, cluster_engine, cluster_spec, is_far
from bot.runtime.devices import Child, camera_children, child_command, devices, model_children
from bot.runtime.extras import how_to_add
from bot.runtime.gpus import Machine
from bot.runtime.server_choice import remote_engines, unused_server
from bot.runtime.signing import signer_of
from config.engine_sections import EngineSettings
from config.settings import Settings
from generation.cluster.engine import ClusterEngine
from generation.cluster.spec import LOCAL, ClusterSpec
from generation.directions.vocabulary import Motion
from generation.engine.environment import engine_environment as engine_environment
from generation.engine.process import EngineProcess
from generation.engine.protocol import Capabilities
from generation.errors import Misconfigured
from generation.events import PhaseName
from generation.media.provenance import Signer
from generation.pipelines.camera.capabilities import CAPABILITIES as CAMERA
from generation.pipelines.ltx.cuda import card_of
from generation.pipelines.ltx.detection import profile_for
from generation.pipelines.ltx.guidance import Guiding
from generation.pipelines.ltx.model_choice import AUTO, Chosen, choose_model
from generation.pipelines.ltx.options import Compile, Lora, LtxOptions, Memory
from generation.pipelines.ltx.profiles import Profile, profile_of
from generation.pipelines.ltx.weights.present import capabilities_here, weights_missing
from generation.workspace import Workspace

if TYPE_CHECKING:
    from generation.remote.engine import RemoteEngine

log = structlog.get_logger(__name__)

EXTRA = ("torch", "diffusers", "transformers", "accelerate")
"""What the `ltx` extra installs."""

UNSERVED_HELP = (
    "prompts.help is model, which this version cannot serve yet; set it to template, url or off."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The engines that serve: a process for each of `children`, the servers of the settings, and
    the `cluster`.

    `instead_of` is the model that would serve if its weights were here; `problem` says why the
    GPU does not serve; `signer` signs the clips.
    """

    capabilities: Capabilities
    children: tuple[Child, ...]
    instead_of: Profile | None = None
    problem: str | None = None
    signer: Signer | None = None
    cluster: ClusterSpec | None = None


FAR = Capabilities("videos", "videos", frozenset(), frozenset(), frozenset())
"""Until a server has said what it can."""

Served = Union[EngineProcess, ClusterEngine, "RemoteEngine"]


def check_served(settings: Settings) -> None:
    """Refuse settings that ask for parts which this version does not have.

    Raises `Misconfigured`: to start without them would promise what nobody keeps.
    """
    if part := _unserved_part(settings):
        raise Misconfigured(part)
    check_cluster(settings)


def choose(settings: Settings, machine: Machine | None = None, *, single: bool = False) -> Choice:
    """The engine that `engine.name` asks for, or the one for this machine.

    With `auto` the camera serves while the model's weights are missing, and where the GPU is of no
    use; who names the model gets no other, and who has servers or a cluster with models no camera
    in a model's place. `single` is for one clip, for which nobody waits
    minutes until a model is compiled. Raises `Misconfigured`.
    """
    check_served(settings)
    signer = signer_of(settings.marking, engine_environment(os.environ))
    return _with_cluster(_of_machine(settings, machine, signer, single=single), settings)


def _with_cluster(choice: Choice, settings: Settings) -> Choice:
    """A local cluster has this machine's processes; another one decides by its own cards."""
    engine = settings.engine
    if settings.cluster.address == LOCAL and choice.children:
        [first, *_] = choice.children
        program, cards = first.command[1:], len(choice.children)
        spec = cluster_spec(
            settings, choice.capabilities, program, cards=cards, signer=choice.signer
        )
        return replace(choice, children=(), cluster=spec)
    if not is_far(settings):
        return choice
    if engine.name == "camera":
        program, known = child_command("camera")[1:], CAMERA
    else:
        options = replace(_options(engine, single=False), model=engine.model)
        program = child_command("ltx", "--options", options.to_json())[1:]
        known = _expected(engine)
    spec = cluster_spec(settings, known, program, signer=choice.signer)
    served = choice.capabilities if choice.children else known
    return replace(choice, capabilities=served, cluster=spec)


def _expected(engine: EngineSettings) -> Capabilities:
    """What a card of the cluster can do, until the first one says so itself."""
    profile = profile_of(engine.model) or choose_model(0, lambda _: False).profile
    return profile.capabilities


def _of_machine(
    settings: Settings, machine: Machine | None, signer: Signer | None, *, single: bool
) -> Choice:
    local = settings.cluster.address == LOCAL  # then the bridge signs
    signing = () if signer is None or local else ("--sign", signer.to_json())
    engine = settings.engine
    far = Choice(FAR, (), signer=signer)
    elsewhere = far if engine.servers or is_far(settings) else None
    if engine.name == "videos":
        return far
    camera = Choice(CAMERA, camera_children(engine, signing), signer=signer)
    if engine.name == "camera":
        return camera
    machine = machine or look(engine)
    if engine.name == "auto" and not (has_extra() and machine.names):
        return elsewhere or camera
    if problem := _problem(engine, machine):
        if engine.name == "ltx":
            raise Misconfigured(problem)
        return elsewhere or replace(camera, problem=problem)
    chosen = chosen_model(engine, machine)
    if not chosen.here:
        if engine.name == "ltx":
            raise Misconfigured(
                f"engine.name is ltx, but {lacking(engine, machine, chosen.profile)}."
            )
        return elsewhere or replace(camera, instead_of=chosen.profile)
    model = chosen.profile.name if engine.model == AUTO else engine.model
    options = replace(_options(engine, single=single), model=model)
    known = capabilities_here(chosen.profile, model, two_stages=engine.two_stages)
    children = model_children(options, devices(engine, machine), signing)
    return Choice(known, children, signer=signer)


def look(engine: EngineSettings) -> Machine:
    """What this machine has; torch is asked only where the model may serve."""
    asked = engine.name != "camera" and has_extra()
    return gpus.examine(engine_environment(os.environ), with_torch=asked)


def chosen_model(engine: EngineSettings, machine: Machine) -> Chosen:
    """Raises `Misconfigured` where `engine.model` names nothing."""
    if engine.model == AUTO:
        return choose_model(
            machine.memory, lambda profile: not weights_missing(profile, profile.name)
        )
    profile = profile_for(engine.model)
    return Chosen(profile, here=not weights_missing(profile, engine.model))


def unserved(settings: Settings, machine: Machine) -> str | None:
    """Why the model cannot serve, whatever its weights."""
    return _unserved_part(settings) or _problem(settings.engine, machine)


def _unserved_part(settings: Settings) -> str | None:
    if settings.prompts.help == "model":
        return UNSERVED_HELP
    return None


def _problem(engine: EngineSettings, machine: Machine) -> str | None:
    """Why the model cannot serve where it is wanted."""
    if not has_extra():
        return (
            "engine.name is ltx, but its libraries are not installed; "
            f"install them with `{how_to_add('ltx')}`."
        )
    for device in devices(engine, machine):
        if device.startswith("cuda"):
            try:
                card_of(machine.cuda, device)
            except Misconfigured as error:
                return error.message
    return None


def started_by(choice: Choice, settings: Settings, workspace: Workspace) -> list[Served]:
    """Not started yet: a process for every device that serves, the cluster, the servers."""
    signing = () if choice.signer is None else ("--sign", choice.signer.to_json())
    environment = engine_environment(os.environ)
    if told := unused_server(settings.engine):
        log.warning("server_is_not_asked", reason=told)
    return [
        *_processes(choice, settings, workspace),
        *([] if choice.cluster is None else [cluster_engine(choice.cluster, settings)]),
        *remote_engines(settings.engine, signing, environment),
    ]


def _processes(choice: Choice, settings: Settings, workspace: Workspace) -> list[EngineProcess]:
    folders = ("--inputs", str(workspace.inputs), "--clips", str(workspace.clips))
    deadlines = {phase: getattr(settings.engine.deadlines, phase) for phase in PhaseName}
    return [
        EngineProcess(
            (*child.command, *folders),
            name=child.name,
            capabilities=choice.capabilities,
            deadlines=deadlines,
            environment={**engine_environment(os.environ), **child.environment},
        )
        for child in choice.children
    ]


def notice(choice: Choice) -> str | None:
    """What people should know who expect the model and get the camera."""
    if choice.problem is not None:
        return f"The camera engine serves, because the GPU cannot: {choice.problem}"
    if choice.instead_of is None:
        return None
    return f"The camera engine serves, because {missing(choice.instead_of)}."


def lacking(engine: EngineSettings, machine: Machine, profile: Profile) -> str:
    """Its missing weights, and what to know before so much is downloaded: the end of a sentence."""
    if engine.name != "ltx" or engine.devices != "auto" or machine.names:
        return missing(profile)
    return (
        "there is no usable GPU here, so the model would run on the processor, slowly; and "
        f"{missing(profile)}"
    )


def missing(profile: Profile) -> str:
    """That its weights are not here, with the cure: the end of a sentence."""
    if not profile.download:  # a folder of one's own
        return f"the folder {profile.name} lacks some of the model's files"
    return (
        f"the weights of {profile.name} (about {profile.download:.0f} GB to download) are not "
        "here: `photoplay download` fetches them, and the next start uses them"
    )


def has_extra() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in EXTRA)


def _options(engine: EngineSettings, *, single: bool) -> LtxOptions:
    compiled = {True: Compile.ON, False: Compile.OFF, "auto": Compile.AUTO}[engine.compile]
    return LtxOptions(
        model=engine.model,
        memory=Memory(engine.memory),
        compile=Compile.CACHED if single and compiled is Compile.AUTO else compiled,
        fp8=engine.fp8,
        cache=engine.cache,
        picture_crf=engine.picture_crf,
        guidance=Guiding(engine.guidance),
        two_stages=engine.two_stages,
        camera_guides=engine.guide == "camera",
        loras={
            Motion(motion): Lora(str(one.path), one.weight) for motion, one in engine.loras.items()
        },
    )
