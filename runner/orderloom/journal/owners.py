"""The name of a process that works on runs, and whether one of this machine has ended: its runs are then free at once.

A lease says the same of every process, but only once it has run out. What cannot be known is taken for alive: where a
process lives after all, the fence of its leases keeps it from writing.
"""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

_PROC = Path("/proc")


def own_name() -> str:
    """Machine, number, and what tells this process from all others that have the same number sooner or later."""
    number = os.getpid()
    return ":".join((socket.gethostname(), str(number), _boot(), _born(number) or "", secrets.token_hex(3)))


def has_ended(name: str) -> bool:
    """Whether the process of that name ran on this machine and is no more."""
    machine, _, rest = name.partition(":")
    told = rest.split(":")
    if machine != socket.gethostname() or len(told) != 4 or not told[0].isdigit() or not _boot():
        return False
    number, boot, born, _ = told
    if boot.partition(".")[2] != _boot().partition(".")[2]:
        return False  # it has process numbers of its own: a container beside ours
    return boot != _boot() or _born(int(number)) != born


def _boot() -> str:
    """When the machine was started, and whose process numbers these are; empty where the system does not say."""
    try:
        started = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{started[:8]}.{(_PROC / 'self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _born(number: int) -> str | None:
    """When the process of that number began, in the system's own ticks (proc(5), field 22 of `stat`); None without."""
    try:
        told = (_PROC / str(number) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *fields = told.rpartition(")")[2].split()
    return None if state == "Z" else fields[18]
