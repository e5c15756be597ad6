"""What a running service kept of its pages can be exported and verified while it runs."""

from __future__ import annotations

import json
import subprocess

from tests.system.town import report


def test_pages_are_exported_and_verified_while_the_service_runs(desk, town, inbox):
    town.paper("herald", report("strike"), report("ferry"))
    desk.watch(town, inbox)
    service = desk.start()
    desk.wait_for(lambda: desk.has_read(2), service)
    for url in town.pieces:
        done = desk.tumen("evidence", url, "--to", url.rpartition("/")[2], "-c", str(desk.config))
        assert done.returncode == 0, done.stderr
        folder = desk.folder / url.rpartition("/")[2]
        summed = subprocess.run(
            ["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
        )
        assert summed.returncode == 0, summed.stderr
        about = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        (kept,) = about["captures"]
        assert (kept["url"], kept["fault"]) == (url, None)
        assert about["alerts"][0]["deliveries"][0]["state"] == "sent"
    (summary,) = desk.lines("evidence", "--check")
    assert (summary["captures"], summary["versions"], summary["faults"]) == (2, 2, 0)
    (status,) = desk.lines("status")
    assert (status["captures"], status["captures_failed"]) == (2, 0)
    assert desk.stop(service) == 143
    assert list((desk.folder / "tumen.db.captures" / "spool").iterdir()) == []
