"""No value is ever shown: a refused setting may be a secret in the wrong place."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config.catalogue import describe
from config.errors import ConfigError
from config.sections import DiscordSettings, WebSettings
from config.settings import Settings
from tests.config.world import World

CANARY = "Sk-Canary~0123456789é"
SECRET = "sk-canary-0123456789"

ANY_TEXT = {"data_dir", "engine.model", "prompts.model"}  # whatever is written may be a name
NAMES = [setting.name for setting in describe() if setting.name not in ANY_TEXT]
VARIABLES = [setting.variable for setting in describe() if setting.name not in ANY_TEXT]
LISTS_OF_TEXT = {"moderation.blocked_words", "moderation.blocked_patterns"}

SHAPES: list[object] = [
    CANARY,
    [CANARY],
    [[CANARY]],
    {CANARY: CANARY},
    {CANARY: {CANARY: CANARY}},
    {"alice": CANARY},
    {"step": CANARY},
    {"pan-left": CANARY},
    {"pan-left": {"path": "a", "weight": CANARY}},
    {"pan-left": {"path": "a", CANARY: 1}},
]


def _refused_without_showing(world: World) -> None:
    """Neither in the message nor in a traceback that somebody logs."""
    with pytest.raises(ConfigError) as caught:
        world.load()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "canary" not in shown.lower()
    assert caught.value.message.count("\n") == 0
    assert caught.value.message.endswith((".", "?"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in LISTS_OF_TEXT])
@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
def test_a_refused_value_is_not_shown_wherever_it_came_from(
    world: World, name: str, shape: object
) -> None:
    world.overrides = {name: shape}
    _refused_without_showing(world)
    variable = "PHOTOPLAY_" + name.upper().replace(".", "__")
    world.overrides = {}
    text = shape if isinstance(shape, str) else json.dumps(shape, ensure_ascii=False)
    world.environ = {variable: text}
    _refused_without_showing(world)


@pytest.mark.slow
@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize(
    "broken", ['{"alice": "%s', '["%s"', "%s]", '{"%s"}', "{'alice': '%s'}", '[%s, "x"]']
)
def test_broken_json_is_not_shown(world: World, variable: str, broken: str) -> None:
    world.environ = {variable: broken % CANARY}
    _refused_without_showing(world)


@pytest.mark.parametrize(
    "text",
    [
        f"[discord]\ntoken = {CANARY}\n",
        f'[discord]\ntoken = "{CANARY}\n',
        f'[discord]\ntoken = "{CANARY}" "x"\n',
        f'[discord]\ntoken = "{CANARY}\\q"\n',
        f'[discord]\ntoken = ["{CANARY}"]\n',
        f'[discord]\ntoken = {{ a = "{CANARY}" }}\n',
        f'[discord]\n"{CANARY}" = 1\n',
        f'["{CANARY}"]\na = 1\n["{CANARY}"]\n',
        f'"{CANARY}" = 1\n',
        f"{SECRET} = 1\n",
        f"[discord]\n{SECRET} = 1\n",
        '[discord]\n"MTIz.canary.abc" = 1\n',
        f'web = "{CANARY}"\n',
        f'[web.api_keys]\n"{CANARY}" = "alice"\n',
        f'[web]\nprot = "{CANARY}"\n',
        f'[[web]]\nport = "{CANARY}"\n',
    ],
)
def test_the_file_is_not_quoted(world: World, text: str) -> None:
    world.toml(text)
    _refused_without_showing(world)


@pytest.mark.parametrize(
    "text",
    [
        f'PHOTOPLAY_DISCORD__TOKEN="{CANARY}\n',
        f"PHOTOPLAY_DISCORD__TOKEN='{CANARY}' x\n",
        f"PHOTOPLAY_DISCORD__TOKEN={CANARY} x\n",
        f"PHOTOPLAY_DISCORD_TOKEN={CANARY}\n",
        f"PHOTOPLAY_WEB__API_KEYS={CANARY}\n",
    ],
)
def test_dotenv_is_not_quoted(world: World, text: str, caplog: pytest.LogCaptureFixture) -> None:
    world.dotenv(text)
    _refused_without_showing(world)
    assert "canary" not in caplog.text.lower()


def _full_of_secrets() -> dict[str, object]:
    return {
        "web.api_keys": {"alice": SECRET},
        "discord.token": SECRET,
        "telegram.token": SECRET,
        "telegram.webhook_secret": SECRET,
        "engine.api_key": SECRET,
        "engine.servers": [{"url": "http://127.0.0.1:1/v1", "api_key": SECRET}],
        "cluster.token": SECRET,
        "prompts.api_key": SECRET,
    }


def test_a_broken_rule_shows_no_secret(world: World) -> None:
    world.overrides = _full_of_secrets() | {"engine.name": "videos", "engine.servers": []}
    _refused_without_showing(world)


def test_settings_show_no_secret(world: World) -> None:
    world.overrides = _full_of_secrets()
    settings = world.load()
    for shown in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.web}"):
        assert SECRET not in shown
    assert settings.web.api_keys["alice"].get_secret_value() == SECRET


def test_every_secret_is_known_as_one() -> None:
    assert {setting.name for setting in describe() if setting.secret} == set(_full_of_secrets())


def test_sections_made_by_hand_hide_what_they_refuse() -> None:
    with pytest.raises(ValidationError) as caught:
        DiscordSettings(token=SecretStr(CANARY))
    assert CANARY not in str(caught.value)


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, web=WebSettings(port=0))
    with pytest.raises(ValidationError):
        settings.data_dir = tmp_path / "other"
    with pytest.raises(ValidationError):
        settings.web.port = 1
    with pytest.raises(TypeError):
        settings.web.api_keys["bob"] = SecretStr(SECRET)  # type: ignore[index]
