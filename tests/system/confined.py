"""Runs a command within the system calls that a unit allows, as systemd would; for Debian's Python with its seccomp.

Usage: confined.py UNIT COMMAND…

Of the unit it heeds SystemCallFilter=, MemoryDenyWriteExecute= and RestrictAddressFamilies=; whatever is not allowed
is answered with EPERM, as SystemCallErrorNumber= says.
"""

import errno
import mmap
import os
import socket
import subprocess
import sys
from pathlib import Path

import seccomp

FAMILIES = {
    f"AF_{name}": getattr(socket, f"AF_{name}") for name in ("UNIX", "INET", "INET6", "NETLINK", "PACKET")
}
SHM_EXEC = 0o100000
# What the C library and systemd's own start of a service need, whatever else is allowed.
ALWAYS = {"execve", "exit", "exit_group", "rt_sigreturn", "sigreturn"}


def settings(unit: Path) -> dict[str, list[str]]:
    """The settings of a unit, each with its values in order."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        name, is_one, value = line.partition("=")
        if is_one and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def members(name: str) -> set[str]:
    """The system calls of a set, or the one of this name."""
    if not name.startswith("@"):
        return {name}
    shown = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    ).stdout
    words = (line.strip() for line in shown.splitlines()[1:])
    return {call for word in words if word and not word.startswith("#") for call in members(word)}


def allowed(filters: list[str]) -> set[str]:
    """The system calls that are left, the filters read one after another."""
    calls = set(ALWAYS)
    for one in filters:
        named = {call for word in one.removeprefix("~").split() for call in members(word)}
        calls = calls - named if one.startswith("~") else calls | named
    return calls


def confine(unit: Path) -> None:
    """Allow this process, and what it becomes, no more than the unit does."""
    given = settings(unit)
    refused = seccomp.ERRNO(errno.EPERM)
    calls = allowed(given["SystemCallFilter"])
    walls = seccomp.SyscallFilter(refused)
    special = {"socket"} | ({"mmap", "mprotect", "pkey_mprotect", "shmat"} & calls)
    for call in sorted(calls - special):
        try:
            walls.add_rule(seccomp.ALLOW, call)
        except RuntimeError:  # not of this kind of machine
            continue
    for family in given["RestrictAddressFamilies"][0].split():
        walls.add_rule(seccomp.ALLOW, "socket", seccomp.Arg(0, seccomp.EQ, FAMILIES[family]))
    assert given["MemoryDenyWriteExecute"] == ["yes"]
    both = mmap.PROT_WRITE | mmap.PROT_EXEC
    for kept in (0, mmap.PROT_WRITE, mmap.PROT_EXEC):
        walls.add_rule(seccomp.ALLOW, "mmap", seccomp.Arg(2, seccomp.MASKED_EQ, both, kept))
    for call in ("mprotect", "pkey_mprotect"):
        walls.add_rule(seccomp.ALLOW, call, seccomp.Arg(2, seccomp.MASKED_EQ, mmap.PROT_EXEC, 0))
    walls.add_rule(seccomp.ALLOW, "shmat", seccomp.Arg(2, seccomp.MASKED_EQ, SHM_EXEC, 0))
    walls.load()


if __name__ == "__main__":
    confine(Path(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])
