"""The kernel's BPF machine, as far as filters of system calls use it (Linux, seccomp_filter)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from generation.sandbox.seccomp import Instruction

_WORD: Final = 4


def judged(
    program: Sequence[Instruction], number: int, architecture: int, arguments: Sequence[int] = ()
) -> int:
    """What the filter returns for this call. Raises for what the kernel would not load."""
    wide = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    words = [number, architecture, 0, 0]  # then the instruction pointer, of no interest
    words += [half for one in wide for half in (one & 0xFFFFFFFF, one >> 32 & 0xFFFFFFFF)]
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, constant = program[at]
        at += 1
        match code:
            case 0x20:  # BPF_LD | BPF_W | BPF_ABS
                assert constant % _WORD == 0
                accumulator = words[constant // _WORD]
            case 0x54:  # BPF_ALU | BPF_AND | BPF_K
                accumulator &= constant
            case 0x15:  # BPF_JMP | BPF_JEQ | BPF_K
                at += if_true if accumulator == constant else if_false
            case 0x35:  # BPF_JMP | BPF_JGE | BPF_K
                at += if_true if accumulator >= constant else if_false
            case 0x06:  # BPF_RET | BPF_K
                return constant
            case _:
                raise AssertionError(f"{code:#x} is no instruction of ours")
