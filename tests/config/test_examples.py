"""The example files are held to the code: complete, loadable, and true about the defaults."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from config.catalogue import SettingRow, describe
from config.kinds import Deadlines, LoraMotion
from config.settings import Settings
from generation.directions.vocabulary import Motion
from generation.events import PhaseName
from tests.config.world import World

ROOT = Path(__file__).parents[2]

CONTRACT = """
data_dir web.enabled web.host web.port web.api_keys web.allowed_hosts web.trusted_proxies
web.public_url discord.token discord.api_url telegram.token telegram.webhook_url
telegram.webhook_secret telegram.webhook_port telegram.admins discord.admins telegram.api_url
telegram.introduce engine.name engine.model engine.compile engine.fp8 engine.cache engine.loras
engine.deadlines engine.picture_crf engine.guidance engine.two_stages engine.guide engine.memory
engine.url engine.api_key engine.servers engine.devices
cluster.address cluster.token limits.queued_per_user limits.per_hour limits.per_day
limits.queue_size
limits.exempt moderation.blocked_words moderation.blocked_patterns moderation.blocked prompts.help
prompts.url prompts.model prompts.api_key prompts.vision prompts.time_limit webhooks.allowed_hosts
run.grace defaults.seconds defaults.size defaults.fps storage.keep_inputs_hours
storage.keep_clips_days storage.keep_rows_days marking.certificate marking.private_key
marking.algorithm marking.timestamp_url
"""


def _toml() -> str:
    """The example with every commented setting switched on."""
    text = (ROOT / "photoplay.example.toml").read_text(encoding="utf-8")
    return re.sub(r"^# (?=[a-z_0-9]+ = )", "", text, flags=re.MULTILINE)


def _dotenv() -> str:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return re.sub(r"^# (?=PHOTOPLAY_)", "", text, flags=re.MULTILINE)


def _written(name: str) -> object:
    section, _, key = name.rpartition(".")
    table = tomllib.loads(_toml())
    return (table[section] if section else table)[key]


def test_the_settings_are_those_of_the_contract() -> None:
    assert {setting.name for setting in describe()} == set(CONTRACT.split())


def test_every_setting_says_what_it_is_for() -> None:
    for setting in describe():
        assert setting.meaning.endswith(".")
        assert setting.allowed


@pytest.mark.parametrize("setting", describe(), ids=lambda setting: setting.name)
def test_the_toml_example_has_every_setting_with_its_default(setting: SettingRow) -> None:
    assert _written(setting.name) == ("" if setting.default is None else setting.default)


@pytest.mark.parametrize("setting", describe(), ids=lambda setting: setting.name)
def test_the_dotenv_example_has_every_setting_with_its_default(setting: SettingRow) -> None:
    (text,) = re.findall(rf"^{setting.variable}=(.*)$", _dotenv(), flags=re.MULTILINE)
    if setting.default is None or isinstance(setting.default, str):
        assert text == (setting.default or "")
    else:
        assert json.loads(text) == setting.default


def test_the_examples_load_as_they_are_and_with_every_line_switched_on(world: World) -> None:
    for text in ((ROOT / "photoplay.example.toml").read_text(encoding="utf-8"), _toml()):
        world.toml(text)
        assert world.load() == Settings()
    world.toml("")
    for text in ((ROOT / ".env.example").read_text(encoding="utf-8"), _dotenv()):
        world.dotenv(text)
        assert world.load() == Settings()


def test_the_examples_name_nothing_that_is_not_a_setting() -> None:
    variables = re.findall(r"PHOTOPLAY_[A-Z0-9_]+", _dotenv())
    assert sorted(variables) == sorted(setting.variable for setting in describe())


def test_words_shared_with_the_engine_are_the_same() -> None:
    assert set(get_args(LoraMotion)) == {motion.value for motion in Motion} - {"auto"}
    assert list(Deadlines.model_fields) == [phase.value for phase in PhaseName]


def test_importing_reads_no_file_and_builds_no_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PHOTOPLAY_WRONG=1\n", encoding="utf-8")
    (tmp_path / "photoplay.toml").write_text("wrong", encoding="utf-8")
    program = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import config.load
from config.catalogue import _rows
assert _rows.cache_info().currsize == 0
print(*sorted({{"torch", "PIL", "generation", "bot"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PHOTOPLAY_WRONG": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
