"""Reading while somebody writes, for some seconds: the same as `make bench-web` does for ten minutes."""

from __future__ import annotations

import pytest

from tests.bench.bench_web import load
from tests.web.browser.hostile import publish_all


@pytest.mark.timeout(300)
def test_nobody_who_reads_or_writes_fails_and_the_log_stays_small(tmp_path):
    path = tmp_path / "tumen.db"
    publish_all(path, copies=20)
    lines = {line.what: line for line in load(path, 0.1)}
    assert not [line for line in lines.values() if line.ok is False]
    assert lines["articles taken in meanwhile"].ok
