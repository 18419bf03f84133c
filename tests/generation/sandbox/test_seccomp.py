"""The filters as programs, for both architectures, on a machine that runs either."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from generation.sandbox import children, syscalls
from generation.sandbox.seccomp import (
    ALLOW,
    ARCHITECTURES,
    KILL,
    REFUSE,
    Filter,
    Instruction,
    program,
)
from tests.generation.sandbox.machine import judged

OWN, BOT = os.getpid(), 4242
DECODER = children.alone(syscalls.PROGRAMS, syscalls.OPENING, syscalls.CHANGING)
ENCODER = children.alone(syscalls.CHANGING)
ENGINE = children.engine_filter(connect=False, parent=BOT)
SIGNING = children.engine_filter(connect=True, parent=BOT)
FILTERS = {"decoder": DECODER, "encoder": ENCODER, "engine": ENGINE, "signing": SIGNING}

EVERYDAY = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "mmap": (9, 222),
    "brk": (12, 214),
    "futex": (202, 98),
    "exit_group": (231, 94),
    "rt_sigaction": (13, 134),
    "getrandom": (318, 278),
    "sched_getaffinity": (204, 123),
    "madvise": (28, 233),
}
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
EPERM, ENOSYS = REFUSE | errno.EPERM, REFUSE | errno.ENOSYS


class Kernel:
    """One filter on one architecture, asked by the names of calls."""

    def __init__(self, chosen: Filter, architecture: str) -> None:
        self.column, self.audited = ARCHITECTURES[architecture]
        self.program: list[Instruction] = program(chosen, architecture)

    def answer(self, call: str, *arguments: int) -> int:
        number = (syscalls.ALL | EVERYDAY)[call][self.column]
        assert number is not None, call
        return judged(self.program, number, self.audited, arguments)

    def has(self, call: str) -> bool:
        return syscalls.ALL[call][self.column] is not None


@pytest.fixture(params=ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("name", FILTERS)
def test_everyday_calls_pass_and_refused_ones_do_not(name: str, architecture: str) -> None:
    kernel = Kernel(FILTERS[name], architecture)
    assert {kernel.answer(call) for call in EVERYDAY} == {ALLOW}
    refused = {call for numbers in FILTERS[name].refused for call in numbers}
    assert {kernel.answer(call) for call in refused if kernel.has(call)} == {EPERM}
    named = {one.call for one in FILTERS[name].narrowed} | {*FILTERS[name].absent}
    for call in syscalls.ALL.keys() - refused - named:
        assert not kernel.has(call) or kernel.answer(call) == ALLOW, call


@pytest.mark.parametrize("name", FILTERS)
def test_calls_under_other_numbers_do_not_pass(name: str, architecture: str) -> None:
    kernel = Kernel(FILTERS[name], architecture)
    others = {0x40000003, 0x40000028, *(audited for _, audited in ARCHITECTURES.values())}
    for audited in others - {kernel.audited}:
        assert judged(kernel.program, 1, audited) == KILL
    for number in (0x40000000, 0x40000029, 0xFFFFFFFF):
        assert judged(kernel.program, number, kernel.audited) == ENOSYS


@pytest.mark.parametrize("chosen", [DECODER, ENCODER])
def test_a_thread_is_begun_and_no_process(chosen: Filter, architecture: str) -> None:
    kernel = Kernel(chosen, architecture)
    thread = 0x3D0F00  # as glibc's pthread_create asks for it
    assert kernel.answer("clone", thread) == ALLOW
    assert kernel.answer("clone", 17) == EPERM  # SIGCHLD: a fork
    assert kernel.answer("clone", thread & ~children.CLONE_THREAD) == EPERM
    assert kernel.answer("clone3", 1, 88) == ENOSYS


def test_one_may_signal_oneself_and_an_engine_all_but_the_bot(architecture: str) -> None:
    decoder, engine = Kernel(DECODER, architecture), Kernel(ENGINE, architecture)
    for call in ("kill", "tgkill"):
        assert decoder.answer(call, OWN) == ALLOW
        assert {decoder.answer(call, pid) for pid in (BOT, 0, 1, 2**32 - 1)} == {EPERM}
        assert engine.answer(call, BOT) == EPERM
        assert engine.answer(call, OWN + 1) == ALLOW


@pytest.mark.parametrize("name", FILTERS)
def test_limits_are_ones_own_and_files_have_no_owner(name: str, architecture: str) -> None:
    kernel = Kernel(FILTERS[name], architecture)
    assert {kernel.answer("prlimit64", pid) for pid in (0, OWN)} == {ALLOW}
    assert kernel.answer("prlimit64", BOT) == EPERM
    assert {kernel.answer("fcntl", 0, command) for command in (8, 10, 15)} == {EPERM}
    assert {kernel.answer("fcntl", 0, command) for command in (1, 2, 3, 4)} == {ALLOW}


def test_the_upper_half_of_an_argument_hides_nothing(architecture: str) -> None:
    kernel = Kernel(DECODER, architecture)
    assert kernel.answer("kill", OWN | 7 << 32) == ALLOW  # the kernel, too, takes 32 bits of it
    assert kernel.answer("fcntl", 0, 8 | 1 << 32) == EPERM


def test_a_program_is_short_enough_for_the_kernel(architecture: str) -> None:
    for chosen in FILTERS.values():
        code = program(chosen, architecture)
        assert len(code) < 4096
        assert all(0 <= jump < 256 for _, *jumps, _ in code for jump in jumps)


def test_numbers_are_those_of_the_kernels_headers(architecture: str) -> None:
    header, column = HEADERS[architecture], ARCHITECTURES[architecture][0]
    if not header.exists():
        pytest.skip("the kernel's headers are not installed")
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())
    known = {name: int(number) for name, number in found}
    for name, numbers in (syscalls.ALL | EVERYDAY).items():
        if name in known:
            assert numbers[column] == known[name], name
    assert len(syscalls.ALL.keys() & known.keys()) > 80
