"""A filter of system calls for the decoding process (Linux, seccomp(2)).

What a decoder needs is memory, threads, its pipes and the clock. All other calls fail with EPERM:
even if an upload takes the process over, it opens no file, no socket and no other process. So it
cannot read the environment of its parent in /proc either.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from typing import NamedTuple


class _Machine(NamedTuple):
    """An architecture: its audit number, that of seccomp(2), and the column of `_CALLS`."""

    audit: int
    seccomp: int
    column: int


_MACHINES = {"x86_64": _Machine(0xC000003E, 317, 0), "aarch64": _Machine(0xC00000B7, 277, 1)}

# The number of each allowed call on x86-64 and on arm64.
_CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "uname": (63, 160),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "set_robust_list": (273, 99),
    "getcpu": (309, 168),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "rseq": (334, 293),
}
_CLONE, _CLONE3, _TGKILL = (56, 220), (435, 435), (234, 131)
_CLONE_THREAD = 0x10000

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = 1, 38
# Offsets in struct seccomp_data.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
# Instructions of classic BPF.
_LOAD, _EQUAL, _HAS_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction)))


def restrict() -> bool:
    """Allow this process only what a decoder needs, from now on and for good.

    Returns whether the system does so: it must be Linux on x86-64 or arm64. All modules that will
    be used must have been imported.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    instructions = _filter(machine, os.getpid())
    program = _Program(len(instructions), (_Instruction * len(instructions))(*instructions))
    libc = ctypes.CDLL(None)
    one, unused = ctypes.c_ulong(1), ctypes.c_ulong(0)
    # Without privileges, only a process that can gain none may have a filter.
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, one, unused, unused, unused):
        return False
    # A library may have started threads already, which the filter must not leave out.
    mode, flags = ctypes.c_ulong(_SET_MODE_FILTER), ctypes.c_ulong(_ALL_THREADS)
    return not libc.syscall(ctypes.c_long(machine.seccomp), mode, flags, ctypes.byref(program))


def _filter(machine: _Machine, pid: int) -> list[_Instruction]:
    """Return the program that the kernel runs before each call of this process."""
    column = machine.column
    program = [
        _Instruction(_LOAD, 0, 0, _ARCHITECTURE),
        _Instruction(_EQUAL, 1, 0, machine.audit),
        _Instruction(_RETURN, 0, 0, _KILL),
        _Instruction(_LOAD, 0, 0, _NUMBER),
    ]
    for numbers in _CALLS.values():
        program += _when(numbers[column], _Instruction(_RETURN, 0, 0, _ALLOW))
    # glibc then uses clone, whose flags can be checked.
    program += _when(_CLONE3[column], _Instruction(_RETURN, 0, 0, _FAIL | _ENOSYS))
    program += _when(_CLONE[column], *_only_if(_HAS_BITS, _CLONE_THREAD))
    # What abort() needs.
    program += _when(_TGKILL[column], *_only_if(_EQUAL, pid))
    return [*program, _Instruction(_RETURN, 0, 0, _FAIL | _EPERM)]


def _when(number: int, *then: _Instruction) -> list[_Instruction]:
    return [_Instruction(_EQUAL, 0, len(then), number), *then]


def _only_if(comparison: int, value: int) -> list[_Instruction]:
    """Allow the call if the comparison of its first argument with `value` is true."""
    return [
        _Instruction(_LOAD, 0, 0, _FIRST_ARGUMENT),
        _Instruction(comparison, 0, 1, value),
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _FAIL | _EPERM),
    ]
