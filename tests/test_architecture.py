"""The laws of the layout, checked by the machines that know them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parents[1]
CODE = [ROOT / name for name in ("bot", "config", "generation", "tests", "bench")]
LONG_FILE, LONG_FUNCTION, MOST_PARAMETERS = 300, 30, 7


def python_files() -> list[Path]:
    return sorted(path for folder in CODE for path in folder.rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree_of(path)))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes_of(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("target", ["check", "test"])
def test_lint_types_and_import_contracts_come_before_the_tests(target: str) -> None:
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    plan = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, env=environment, capture_output=True, text=True
    ).stdout
    steps = ["ruff check", "ruff format --check", "/mypy", "/lint-imports", "-m pytest"]
    places = [plan.find(step) for step in steps]
    assert -1 not in places, plan
    assert places == sorted(places), plan


def test_files_and_functions_are_short_enough_to_read() -> None:
    long = []
    for path in python_files():
        text = path.read_text("utf-8")
        name = path.relative_to(ROOT)
        tests = name.parts[0] == "tests"
        if len(text.splitlines()) > LONG_FILE:
            long.append(f"{name} has {len(text.splitlines())} lines")
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not tests:
                lines = (node.end_lineno or 0) - node.body[0].lineno + 1
                if ast.get_docstring(node):
                    lines = (node.end_lineno or 0) - (node.body[0].end_lineno or 0)
                if lines > LONG_FUNCTION:
                    long.append(f"{name}: {node.name} has {lines} lines")
    assert not long, "\n".join(long)


FLAGS = {("bot/cli/commands.py", "animate"), ("bot/platforms/discord/animate.py", "callback")}
"""Each parameter is an option that a person types: these two are read by a library as a form."""


def test_nothing_takes_more_than_seven_arguments() -> None:
    long = []
    for path in python_files():
        name = path.relative_to(ROOT)
        if name.parts[0] in {"tests", "bench"}:
            continue
        for node in functions(path):
            taken = node.args
            parts = [*taken.posonlyargs, *taken.args, taken.vararg, *taken.kwonlyargs, taken.kwarg]
            count = sum(one is not None and one.arg not in {"self", "cls"} for one in parts)
            if count > MOST_PARAMETERS and (name.as_posix(), node.name) not in FLAGS:
                long.append(f"{name}: {node.name} takes {count}")
    assert not long, "\n".join(long)


def test_no_call_hides_its_arguments_in_a_tuple() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files()
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and any(
            isinstance(one, ast.Starred) and isinstance(one.value, ast.Tuple | ast.List)
            for one in node.args
        )
    ]
    assert hidden == []


def test_the_core_is_put_together_in_one_place() -> None:
    parts = {"AnimationService", "Settling", "Positions", "Worker", "Workers", "Store"}
    makers = {
        path.relative_to(ROOT).as_posix()
        for path in python_files()
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in parts
    }
    assert makers == {"generation/dispatch/core.py"}


def test_every_file_says_first_why_it_exists() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.stat().st_size and not ast.get_docstring(tree_of(path))
    ]
    assert silent == []


HEAVY = ("torch", "PIL", "cv2", "av", "numpy", "diffusers", "ray")
TURNED_OFF = ("aiohttp", "httpx", "discord", "telegram")
LOADED = (
    ("bot.cli.program", ("asyncio", "pydantic", "rich", "structlog")),
    ("bot.cli.run", ("bot.chat", "bot.delivery", "bot.fronts", "fastapi")),
    ("bot.fronts", ("fastapi", "imageio_ffmpeg")),
    ("bot.platforms.web.assembly", (*HEAVY, *TURNED_OFF)),
)
"""In the order of a start: help, the engine, fronts, the page; and what is for later or never."""


def test_nothing_is_loaded_before_it_is_needed() -> None:
    """A tenth of a second and ten megabytes each; torch and pictures are for other processes."""
    code = "import importlib, sys\n" + "\n".join(
        f"importlib.import_module({step!r}); print([m for m in {early!r} if m in sys.modules])"
        for step, early in LOADED
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split("\n") == [*["[]"] * len(LOADED), ""]


def test_a_class_name_has_one_meaning() -> None:
    """Discord's folder and Telegram's say the same names on purpose."""
    homes: dict[str, set[str]] = {}
    for path in python_files():
        name = path.relative_to(ROOT)
        if name.parts[0] in ("tests", "bench"):
            continue
        for node in nodes_of(path):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name.lstrip("_"), set()).add(str(name))
    pair = ("bot/platforms/discord/", "bot/platforms/telegram/")
    twice = {
        name: sorted(files)
        for name, files in homes.items()
        if len(files) > 1 and not all(file.startswith(pair) for file in files)
    }
    assert twice == {}


RECORD = ROOT / "docs/decisions/0021-broad-excepts-and-protocols.md"


def test_broad_excepts_and_protocols_are_those_that_the_record_gives_reasons_for() -> None:
    record, without_reason = RECORD.read_text("utf-8"), []
    for path in python_files():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(("tests/", "bench/")):
            continue
        for node in nodes_of(path):
            if _swallows_everything(node) and f"`{name}`" not in record:
                without_reason.append(f"{name} swallows everything")
            if _is_protocol(node) and f"`{node.name}`" not in record:
                without_reason.append(f"{node.name} is a protocol")
    assert without_reason == []


def _swallows_everything(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    named = ast.walk(node.type) if node.type is not None else ()
    kinds = {kind.id for kind in named if isinstance(kind, ast.Name)}
    passes_on = any(isinstance(one, ast.Raise) and one.exc is None for one in ast.walk(node))
    everything = node.type is None or bool(kinds & {"Exception", "BaseException"})
    return everything and not passes_on


def _is_protocol(node: ast.AST) -> TypeGuard[ast.ClassDef]:
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases
    )
