"""What is refused: always one sentence with the setting, its place and what would do."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.catalogue import describe, row
from config.settings import Settings
from tests.config.world import World

KEY = "a-key-of-22-characters"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("PHOTOPLAY_WEB__PROT", "PHOTOPLAY_WEB__PORT"),
        ("PHOTOPLAY_WEB_PORT", "PHOTOPLAY_WEB__PORT"),
        ("PHOTOPLAY_PORT", "PHOTOPLAY_WEB__PORT"),
        ("PHOTOPLAY_DISCORD_TOKEN", "PHOTOPLAY_DISCORD__TOKEN"),
        ("PHOTOPLAY_DATADIR", "PHOTOPLAY_DATA_DIR"),
        ("photoplay_web__port", "PHOTOPLAY_WEB__PORT"),
        ("PHOTOPLAY_WEB__API_KEYS__ALICE", "PHOTOPLAY_WEB__API_KEYS"),
    ],
)
def test_an_unknown_variable_is_answered_with_the_nearest_name(
    world: World, wrong: str, right: str
) -> None:
    expected = f"{wrong} is not a setting; did you mean {right}?"
    assert world.refusal_of({wrong: "1"}) == f"In the environment, {expected}"
    world.environ = {}
    world.dotenv(f"{wrong}=1\n")
    assert world.refusal() == f"In .env, {expected}"


def test_a_whole_section_is_not_a_setting(world: World) -> None:
    refusal = world.refusal_of({"PHOTOPLAY_LIMITS": '{"per_day": 1}'})
    assert "PHOTOPLAY_LIMITS is not a setting; did you mean PHOTOPLAY_LIMITS__" in refusal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[web]\nprot = 1\n", "web.prot is not a setting; did you mean web.port?"),
        ("port = 1\n", "port is not a setting; did you mean web.port?"),
        ("[web]\napi-keys = {}\n", "a name is not a setting; did you mean web.api_keys?"),
        ("[wep]\nport = 1\n", "wep is not a setting; did you mean web"),
    ],
)
def test_an_unknown_key_in_the_file_is_answered_with_the_nearest_name(
    world: World, text: str, expected: str
) -> None:
    world.toml(text)
    assert world.refusal().startswith(f"In photoplay.toml, {expected}")


def test_an_unknown_name_on_the_command_line_is_refused(world: World) -> None:
    world.overrides["web.prot"] = 1
    expected = "On the command line, web.prot is not a setting; did you mean web.port?"
    assert world.refusal() == expected


def test_a_section_has_to_be_a_table(world: World) -> None:
    world.toml("web = 3\n")
    assert world.refusal() == "web (in photoplay.toml) must be a table of settings."


def test_a_refusal_says_where_the_value_came_from(world: World) -> None:
    rule = "must be a whole number from 0 (any free one) to 65535."
    world.toml("[web]\nport = 70000\n")
    assert world.refusal() == f"web.port (in photoplay.toml) {rule}"
    world.dotenv("PHOTOPLAY_WEB__PORT=x\n")
    assert world.refusal() == f"web.port (PHOTOPLAY_WEB__PORT in .env) {rule}"
    world.environ["PHOTOPLAY_WEB__PORT"] = "-1"
    assert world.refusal() == f"web.port (PHOTOPLAY_WEB__PORT in the environment) {rule}"
    world.overrides["web.port"] = "1.5"
    assert world.refusal() == f"web.port (on the command line) {rule}"


def test_what_is_not_json_is_told_so(world: World) -> None:
    refusal = world.refusal_of({"PHOTOPLAY_LIMITS__EXEMPT": "web:alice"})
    assert refusal.startswith("limits.exempt (PHOTOPLAY_LIMITS__EXEMPT in the environment) must be")
    assert refusal.endswith("written as JSON.")


def test_the_wrong_entry_of_a_list_is_counted(world: World) -> None:
    refusal = world.refusal_of({"PHOTOPLAY_MODERATION__BLOCKED_PATTERNS": '["fine", "(broken"]'})
    assert refusal.startswith("entry 2 of moderation.blocked_patterns (PHOTOPLAY_MODERATION__")


@pytest.mark.parametrize(
    ("text", "line"), [('PHOTOPLAY_WEB__PORT="80\n', 1), ("A=1\n\n'PHOTOPLAY_X=2\n", 3)]
)
def test_a_broken_line_of_ours_in_dotenv_is_refused(world: World, text: str, line: int) -> None:
    world.dotenv(text)
    assert world.refusal() == f"Line {line} of .env is not NAME=value; check its quotes."


def test_files_that_cannot_be_used_are_named(world: World) -> None:
    world.toml("[web\nport = 1\n")
    assert world.refusal() == "The file photoplay.toml is not valid TOML; look at line 1."
    world.toml("[web]\nport = [1,")
    assert world.refusal() == "The file photoplay.toml is not valid TOML; look at its end."
    world.toml(f"x = {'[' * 100_000}")
    assert "nested too deeply" in world.refusal()
    (world.folder / "photoplay.toml").write_bytes(b"\xff\xfe")
    assert world.refusal() == "The file photoplay.toml is not text in UTF-8."
    world.config = Path("missing.toml")
    assert world.refusal() == "The file missing.toml does not exist."
    world.config = world.folder
    assert "cannot be read" in world.refusal()


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("data_dir", "~nobody-of-that-name/x"),
        ("web.enabled", "maybe"),
        ("web.host", "http://127.0.0.1"),
        ("web.host", "127.0.0.1:80"),
        ("web.port", True),
        ("web.api_keys", {"alice": "short"}),
        ("web.api_keys", {"Alice": KEY}),
        ("web.api_keys", {"a" * 33: KEY}),
        ("web.api_keys", {"local": KEY}),
        ("web.api_keys", {"alice": KEY, "bob": KEY}),
        ("web.api_keys", {"alice": KEY + " "}),
        ("web.api_keys", {"alice": KEY + "é"}),
        ("web.api_keys", KEY),
        ("web.allowed_hosts", ["https://example.org"]),
        ("web.allowed_hosts", "localhost"),
        ("web.allowed_hosts", ["127.0.0.1:8000"]),
        ("web.trusted_proxies", ["everybody"]),
        ("web.public_url", "example.org"),
        ("web.public_url", "ftp://example.org"),
        ("web.public_url", "https://user:word@example.org"),
        ("web.public_url", "https://example.org/?a=1"),
        ("web.public_url", "https://exam ple.org"),
        ("web.public_url", "http://"),
        ("discord.token", "two words"),
        ("discord.api_url", "discord.com"),
        ("discord.admins", ["me"]),
        ("telegram.token", "1:a/../b"),
        ("telegram.webhook_url", "http://example.org"),
        ("telegram.webhook_secret", "sp ace"),
        ("telegram.webhook_secret", "x" * 257),
        ("telegram.webhook_port", 65536),
        ("telegram.admins", [-1]),
        ("telegram.api_url", "//x"),
        ("engine.name", "magic"),
        ("engine.model", "x" * 201),
        ("engine.compile", "perhaps"),
        ("engine.loras", {"auto": {"path": "a"}}),
        ("engine.loras", {"pan-left": {"path": "a", "weight": 0}}),
        ("engine.loras", {"pan-left": {"path": "a", "wait": 1}}),
        ("engine.deadlines", {"think": 1}),
        ("engine.deadlines", {"step": 0}),
        ("engine.memory", "half"),
        ("engine.url", "localhost:8000"),
        ("engine.devices", []),
        ("engine.devices", ["gpu"]),
        ("cluster.address", "10.0.0.1"),
        ("cluster.address", "10.0.0.1:99999"),
        ("cluster.address", "ray://10.0.0.1:6379"),
        ("cluster.address", "fd00::1:6379"),
        ("cluster.address", "localhost:6379"),
        ("cluster.address", "[::1]:6379"),
        ("limits.queued_per_user", 0),
        ("limits.per_hour", -1),
        ("limits.per_day", 1.5),
        ("limits.queue_size", "many"),
        ("limits.exempt", ["discord:me"]),
        ("limits.exempt", ["discord-guild:1"]),
        ("moderation.blocked_words", [""]),
        ("moderation.blocked_patterns", ["(?P<a"]),
        ("moderation.blocked_patterns", [""]),
        ("moderation.blocked", ["web:alice"]),
        ("run.grace", -1),
        ("run.grace", 3601),
        ("defaults.seconds", 0.2),
        ("defaults.seconds", float("inf")),
        ("defaults.seconds", float("nan")),
        ("defaults.size", "704×480"),
        ("defaults.size", "704x32"),
        ("defaults.size", "1312x704"),
        ("defaults.fps", 0),
        ("defaults.fps", 61),
        ("storage.keep_inputs_hours", 0),
        ("storage.keep_clips_days", 1e9),
        ("marking.algorithm", "rsa"),
        ("marking.timestamp_url", "timestamp.example.org"),
    ],
)
def test_what_is_not_allowed_is_refused_in_the_settings_own_words(
    world: World, name: str, bad: object
) -> None:
    setting = row(name)
    assert setting is not None
    world.overrides[name] = bad
    refusal = world.refusal()
    assert f"{name} (on the command line) must be {setting.allowed}" in refusal
    assert refusal.endswith(".")


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("web.port", 0),
        ("web.host", "::1"),
        ("web.host", "localhost"),
        ("web.host", "127.0.0.9"),
        ("web.trusted_proxies", ["10.0.0.0/8", "fd00::/8"]),
        ("web.allowed_hosts", ["*", "*.example.org", "::1"]),
        ("web.api_keys", {"a-b_1": KEY}),
        ("telegram.webhook_url", "https://example.org/telegram"),
        ("cluster.address", "local"),
        ("cluster.address", "[fd00::1]:6379"),
        ("cluster.address", "head.lan:6379"),
        ("limits.exempt", ["discord:1", "telegram:2", "web:local", "discord-role:3"]),
        ("moderation.blocked", ["discord:1", "telegram:2", "discord-guild:3"]),
        ("moderation.blocked_patterns", [r"\bbad\b", "[[a]"]),
        ("engine.devices", ["cpu", "cpu"]),
        ("run.grace", 0),
        ("defaults.size", "1280x704"),
        ("defaults.seconds", 0.3),
    ],
)
def test_what_is_allowed_is_taken(world: World, name: str, good: object) -> None:
    world.overrides[name] = good
    world.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("web.host", "0.0.0.0"),
        ("web.host", "::"),
        ("web.host", "example.org"),
        ("web.host", "127.0.0.1.example.org"),
        ("web.public_url", "https://example.org"),
    ],
)
def test_a_page_open_to_others_needs_keys(world: World, name: str, value: str) -> None:
    world.overrides[name] = value
    refusal = world.refusal()
    assert refusal.startswith(f"{name} (on the command line) opens the page to other ")
    assert "web.api_keys must hold a key" in refusal
    world.overrides["web.api_keys"] = {"alice": KEY}
    world.load()


def test_the_videos_engine_needs_a_server(world: World) -> None:
    world.environ["PHOTOPLAY_ENGINE__NAME"] = "videos"
    assert world.refusal().startswith("engine.name (PHOTOPLAY_ENGINE__NAME in the environment) ")
    assert "engine.url" in world.refusal()
    world.environ["PHOTOPLAY_ENGINE__URL"] = "http://127.0.0.1:8001/"
    assert world.load().engine.url == "http://127.0.0.1:8001"


@pytest.mark.parametrize(
    ("alone", "other"),
    [
        ("marking.certificate", "marking.private_key"),
        ("marking.private_key", "marking.certificate"),
    ],
)
def test_a_certificate_and_its_key_come_together(world: World, alone: str, other: str) -> None:
    world.overrides[alone] = "one.pem"
    refusal = world.refusal()
    assert refusal.startswith(f"{alone} (on the command line) signs nothing alone, so {other} must")
    world.overrides[other] = "other.pem"
    world.load()


def test_every_default_survives_its_own_validation() -> None:
    assert Settings.model_validate(Settings().model_dump()) == Settings()
    assert len({setting.name for setting in describe()}) == len(describe())
