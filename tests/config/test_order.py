"""Who wins when a setting is written in several places, and what counts as written."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from config.load import load
from config.settings import Settings
from tests.config.world import World


def _say_toml(world: World, port: int) -> None:
    world.toml(f"[web]\nport = {port}\n")


def _say_dotenv(world: World, port: int) -> None:
    world.dotenv(f"PHOTOPLAY_WEB__PORT={port}\n")


def _say_environment(world: World, port: int) -> None:
    world.environ["PHOTOPLAY_WEB__PORT"] = str(port)


def _say_command_line(world: World, port: int) -> None:
    world.overrides["web.port"] = port


WEAK_TO_STRONG = (_say_toml, _say_dotenv, _say_environment, _say_command_line)


def test_where_nothing_is_written_the_defaults_hold(world: World) -> None:
    assert world.load() == Settings()


@pytest.mark.parametrize("say", WEAK_TO_STRONG)
def test_every_place_beats_the_default(world: World, say: Callable[[World, int], None]) -> None:
    say(world, 1234)
    assert world.load().web.port == 1234


@pytest.mark.parametrize(("weak", "strong"), list(combinations(WEAK_TO_STRONG, 2)))
def test_the_stronger_place_wins(
    world: World, weak: Callable[[World, int], None], strong: Callable[[World, int], None]
) -> None:
    strong(world, 2222)
    weak(world, 1111)
    assert world.load().web.port == 2222


def test_places_add_up_setting_by_setting(world: World) -> None:
    world.toml('[web]\nport = 1\n[engine]\nname = "camera"\n')
    world.dotenv("PHOTOPLAY_WEB__ENABLED=false\n")
    world.environ["PHOTOPLAY_LIMITS__PER_DAY"] = "7"
    settings = world.load()
    assert (settings.web.port, settings.web.enabled) == (1, False)
    assert (settings.engine.name, settings.limits.per_day) == ("camera", 7)


def test_a_map_replaces_a_map_so_that_a_removed_key_is_gone(world: World) -> None:
    world.toml('[web.api_keys]\nalice = "alice-has-a-long-key"\n')
    world.environ["PHOTOPLAY_WEB__API_KEYS"] = '{"bob": "bob-has-a-long-key-too"}'
    assert set(world.load().web.api_keys) == {"bob"}


@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_variable_counts_as_unset(world: World, nothing: str) -> None:
    world.dotenv("PHOTOPLAY_WEB__PORT=99\nPHOTOPLAY_DISCORD__TOKEN=\nPHOTOPLAY_RUN__GRACE\n")
    world.environ |= {"PHOTOPLAY_WEB__PORT": nothing, "PHOTOPLAY_WEB__API_KEYS": nothing}
    settings = world.load()
    assert settings.web.port == 99
    assert settings.discord.token is None
    assert settings.run.grace == 30


def test_an_empty_text_in_the_file_and_none_on_the_command_line_count_as_unset(
    world: World,
) -> None:
    world.toml('data_dir = ""\n[web]\nport = 99\npublic_url = ""\n')
    world.overrides |= {"web.port": None, "web.host": ""}
    settings = world.load()
    assert (settings.web.port, settings.web.public_url) == (99, None)
    assert settings.data_dir == Settings().data_dir


def test_lists_and_maps_are_json_in_variables(world: World) -> None:
    world.environ |= {
        "PHOTOPLAY_LIMITS__EXEMPT": '["discord:1", "web:alice"]',
        "PHOTOPLAY_ENGINE__DEVICES": '["cuda:0", "cuda:1"]',
        "PHOTOPLAY_ENGINE__DEADLINES": '{"step": 5}',
        "PHOTOPLAY_ENGINE__LORAS": '{"pan-left": {"path": "owner/name"}}',
        "PHOTOPLAY_TELEGRAM__ADMINS": "[7]",
    }
    settings = world.load()
    assert settings.limits.exempt == ("discord:1", "web:alice")
    assert settings.engine.devices == ("cuda:0", "cuda:1")
    assert settings.engine.deadlines.step == 5
    assert settings.engine.deadlines.load == Settings().engine.deadlines.load
    assert settings.engine.loras["pan-left"].weight == 1
    assert settings.telegram.admins == ("7",)


def test_a_plain_word_may_stand_where_a_list_could(world: World) -> None:
    world.environ |= {"PHOTOPLAY_ENGINE__DEVICES": "auto", "PHOTOPLAY_ENGINE__COMPILE": "false"}
    settings = world.load()
    assert settings.engine.devices == "auto"
    assert settings.engine.compile is False


def test_text_of_the_command_line_is_read_like_a_variable(world: World) -> None:
    world.overrides |= {"limits.exempt": "[]", "web.port": "81"}
    settings = world.load()
    assert (settings.limits.exempt, settings.web.port) == ((), 81)


def test_another_file_takes_the_place_of_photoplay_toml(world: World) -> None:
    world.toml("[web]\nport = 1\n")
    world.toml("[web]\nport = 2\n", name="other.toml")
    world.config = Path("other.toml")
    assert world.load().web.port == 2
    world.config = world.folder / "other.toml"
    assert world.load().web.port == 2


def test_foreign_names_are_ignored(world: World) -> None:
    world.dotenv('OTHER=1\nPHOTOPLAYER_X=1\nBROKEN="x\n\nPHOTOPLAY_WEB__PORT=5\n')
    world.environ |= {"PATH": "/bin", "WEB__PORT": "6", "PHOTOPLAYER__Y": "1"}
    assert world.load().web.port == 5


def test_a_value_in_dotenv_is_taken_as_it_stands(world: World) -> None:
    world.dotenv('PHOTOPLAY_DISCORD__TOKEN="a${HOME}b"  # the bot\n')
    token = world.load().discord.token
    assert token is not None
    assert token.get_secret_value() == "a${HOME}b"


def test_a_folder_called_dotenv_is_no_settings_file(world: World) -> None:
    (world.folder / ".env").mkdir()
    assert world.load() == Settings()


def test_a_byte_order_mark_does_no_harm(world: World) -> None:
    world.toml("\ufeff[web]\nport = 1\n")
    assert world.load().web.port == 1


def test_data_dir_is_relative_to_the_working_directory(world: World) -> None:
    world.toml('data_dir = "data"\n')
    assert world.load().data_dir == world.folder / "data"


def test_data_dir_may_begin_with_the_home(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    world.environ["PHOTOPLAY_DATA_DIR"] = "~/clips"
    assert world.load().data_dir == Path("/home/somebody/clips")


def test_without_arguments_the_real_world_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PHOTOPLAY_WEB__PORT", "77")
    (tmp_path / "photoplay.toml").write_text('data_dir = "here"\n', encoding="utf-8")
    settings = load()
    assert (settings.web.port, settings.data_dir) == (77, tmp_path / "here")


def test_settings_made_by_hand_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOPLAY_WEB__PORT", "77")
    monkeypatch.setenv("WEB", '{"port": 78}')
    monkeypatch.setenv("DATA_DIR", "/nowhere")
    assert Settings().web.port == 8000
    assert Settings().data_dir.name == "photoplay"
