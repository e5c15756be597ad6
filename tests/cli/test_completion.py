"""Shells complete commands and options."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from monitor.cli import tumen as group


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_is_printed_is_a_script_of_the_shell(tumen, shell):
    answer = tumen("completion", shell)
    assert (answer.code, answer.err) == (0, "")
    assert "_TUMEN_COMPLETE" in answer.out
    if program := shutil.which(shell):
        flag = "--no-execute" if shell == "fish" else "-n"
        subprocess.run([program, flag], input=answer.out, text=True, check=True)


def test_another_shell_is_refused_with_the_known_ones(tumen):
    answer = tumen("completion", "tcsh")
    assert answer.code == 2
    assert "'bash', 'zsh', 'fish'" in answer.err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("tumen st", {"stories", "status"}),
        ("tumen sources pre", {"preview"}),
        ("tumen init --time", {"--time-zone"}),
        ("tumen completion ", {"bash", "zsh", "fish"}),
    ],
)
def test_what_is_begun_is_completed(process, typed, offered):
    words = typed.split(" ")
    answer = process(
        _TUMEN_COMPLETE="bash_complete", COMP_WORDS=typed.rstrip(), COMP_CWORD=str(len(words) - 1)
    )
    assert answer.code == 0
    assert {line.partition(",")[2] for line in answer.out.splitlines()} == offered


def test_every_command_is_offered(process):
    answer = process(_TUMEN_COMPLETE="bash_complete", COMP_WORDS="tumen", COMP_CWORD="1")
    assert {line.partition(",")[2] for line in answer.out.splitlines()} == set(group.list_commands(None))
