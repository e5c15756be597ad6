"""Pruning under torture, in small."""

from __future__ import annotations

from tests.torture.pruning import torture


def test_killed_at_any_statement_pruning_loses_nothing_and_leaves_nothing(tmp_path):
    outcome = torture(tmp_path, seed=1, articles=150)
    assert outcome.broken == []
    assert outcome.kills >= 30
