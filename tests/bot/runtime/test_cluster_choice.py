"""What the settings say of a cluster becomes its bridge, with what each card has to start."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from bot.runtime.cluster_choice import bridge_environment, cluster_engine
from bot.runtime.engine_choice import Choice, choose
from bot.runtime.gpus import Machine
from config.engine_sections import ClusterSettings, EngineSettings
from config.settings import Settings
from generation.cluster.spec import ClusterSpec, parse_cluster
from generation.errors import Misconfigured

TOKEN = "s3cret" * 8


def chosen(address: str = "10.0.0.1:6379", **engine: object) -> Choice:
    cluster = ClusterSettings(address=address, token=SecretStr(TOKEN))
    settings = Settings(engine=EngineSettings.model_validate(engine), cluster=cluster)
    return choose(settings, Machine())


def spec_of(choice: Choice) -> ClusterSpec:
    assert choice.cluster is not None
    return parse_cluster(choice.cluster.to_json())


def test_the_model_is_the_clusters_and_no_camera_takes_its_place() -> None:
    choice = chosen()
    spec = spec_of(choice)
    assert choice.children == ()
    assert choice.capabilities == spec.card.known
    assert spec.card.program[:4] == ("-P", "-m", "generation.child", "ltx")
    options = json.loads(spec.card.program[-1])
    assert (options["model"], options["device"]) == ("auto", "cuda:0")


def test_a_camera_serves_here_and_there_where_it_is_asked_for() -> None:
    choice = chosen(name="camera")
    assert [child.name for child in choice.children] == ["cpu"]
    assert spec_of(choice).card.program == ("-P", "-m", "generation.child", "camera")


def test_a_local_cluster_has_this_machines_processes_and_none_serve_beside_it() -> None:
    choice = chosen("local", name="camera", devices=["cpu:0", "cpu:1"])
    assert choice.children == ()
    assert spec_of(choice).cards == 2


def test_without_a_token_nothing_starts() -> None:
    cluster = ClusterSettings(address="10.0.0.1:6379")
    with pytest.raises(Misconfigured, match=r"cluster\.token"):
        choose(Settings(cluster=cluster), Machine())


def test_the_bridge_is_told_its_token_each_time_and_no_other_secret() -> None:
    told = bridge_environment(
        {"HOME": "/home/me", "RAY_AUTH_MODE": "disabled", "PHOTOPLAY_DISCORD__TOKEN": "x"}, TOKEN
    )
    assert (told["RAY_AUTH_MODE"], told["RAY_AUTH_TOKEN"]) == ("token", TOKEN)
    assert told["RAY_USAGE_STATS_ENABLED"] == "0"
    assert "PHOTOPLAY_DISCORD__TOKEN" not in told
    choice = chosen()
    assert TOKEN not in spec_of(choice).to_json()  # a command line is everybody's to read
    assert cluster_engine(spec_of(choice), Settings()).name == "cluster"
