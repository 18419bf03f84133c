"""The page's modules as one script: nothing is fetched twice, nothing is left that names a file."""

from __future__ import annotations

import re

from bot.language.catalogue import load_texts
from bot.platforms.web.assets import Assets
from bot.platforms.web.page import STATIC
from bot.platforms.web.scripts import joined

WRITTEN_BY_CODE = re.compile(r"\}: ?\$\{|\}(?: s|秒)`|[\"\'] ?(?:s|秒)[\"\']")
"""A colon between two texts, or a unit, which languages write in ways of their own."""

SCRIPTS = {
    "words.js": "export const { language, say } = told;\n",
    "dom.js": 'import { say } from "./words.js";\nexport const $ = say;\nexport function h() {}\n',
    "app.js": 'import { $ } from "./dom.js";\nimport { say } from "./words.js";\n$(say);\n',
}


def test_each_module_comes_once_and_before_those_that_need_it() -> None:
    [(name, script)] = joined(SCRIPTS, "app.js").items()
    assert name == "app.js"
    scopes = re.findall(r"^const (\$\w+) = \(\(\) => \{", script, re.MULTILINE)
    assert scopes == ["$words", "$dom"]
    assert re.findall(r"return \{ (.*) \};", script) == ["language, say", "$, h"]
    assert script.endswith("$(say);\nexport { $words, $dom };\n")


def test_what_comes_later_takes_from_the_script_that_is_there() -> None:
    scripts = {
        **SCRIPTS,
        "dom.js": 'export const open = () => import("./viewer.js");\n',
        "viewer.js": 'import { open } from "./dom.js";\nexport class Viewer {}\n',
    }
    later = joined(scripts, "app.js")["viewer.js"]
    assert later.startswith('import { $dom } from "./app.js";\nconst { open } = $dom;\n')
    assert "export class Viewer {}" in later


def test_nothing_of_the_page_is_left_to_be_imported_at_once() -> None:
    script = Assets(STATIC, script="app.js").text("app.js")
    assert "import {" not in script
    assert re.findall(r"^export (.*?) ", script, re.MULTILINE) == ["{"]


def test_colons_and_units_on_the_page_are_sentences_of_its_language() -> None:
    scripts = {one.name: one.read_text("utf-8") for one in STATIC.glob("*.js")}
    del scripts["docs.js"]  # for programmers, in English
    found = {name: WRITTEN_BY_CODE.findall(script) for name, script in scripts.items()}
    assert {name: those for name, those in found.items() if those} == {}
    french = load_texts().of("fr")
    assert french.say("options.pair", name="Lire", said="il neige") == "Lire\u00a0: il neige"
    assert load_texts().of("ru").say("chat.label.seconds", seconds=3) == "3 с"
