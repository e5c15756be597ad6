"""A small pack that is right, and ways to spoil it."""

from __future__ import annotations

import sys

import pytest

from monitor.cli import main

FILES = {
    "pack.yaml": """\
name: borders
label: {en: Borders, de: Grenzen}
macros:
  close: dprk NEAR/5 russia
  both: close OR title:(dprk AND russia)
must_not_fire:
  en: [Weather]
""",
    "concepts/names.yaml": """\
dprk:
  kind: actor
  label: {en: North Korea}
  names:
    en: [North Korea*, "{DPRK|KDVR}"]
    ko:
      - {term: 북한, not_inside: [북한산], only: [ko]}
russia:
  kind: actor
  weight: 0.5
  news: true
  label: {en: Russia}
  names: {en: [Russia*], de: [Russland*]}
kremlin:
  kind: actor
  part_of: russia
  label: {en: Kremlin}
  names: {en: [Kremlin]}
""",
    "rules/rules.yaml": """\
ties:
  label: {en: Ties}
  severity: high
  general: true
  tags: [diplomacy]
  when: >-
    both AND lead:(dprk OR "arms deal*")
    OR SENTENCE(kremlin, dprk, NOT lang:de)
  must_fire: {en: [North Korea and Russia]}
  must_not_fire:
    en: [Russia]
""",
}


@pytest.fixture
def folder(tmp_path):
    """The pack on disk."""
    for name, text in FILES.items():
        file = tmp_path / "borders" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "borders"


@pytest.fixture
def tumen(monkeypatch, capsys):
    """Run a command in this process: its exit code, and what it said to whom."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["tumen", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run
