"""`tumen demo`, and what a newcomer does next."""

from __future__ import annotations

import json

import pytest

from monitor.demo.script import Expect, load
from tests.system import processes
from tests.system.desk import TUMEN


@pytest.mark.timeout(240)
def test_the_demonstration_ends_well_and_leaves_a_history_to_look_at(desk):
    shown = desk.start(
        program=(*TUMEN, "demo", "--folder")
    )  # for the desk's configuration: its path is the folder
    assert shown.wait(100) == 0, desk.said()
    assert processes.are_gone(desk.mark, 3)

    folder = desk.config
    developments = {one.development for one in load() if one.expect is Expect.NEW}
    left = list((folder / "messages").glob("*-mail.eml"))
    assert len(left) >= len(developments)
    assert all(mail.with_suffix(".html").stat().st_size for mail in left)
    assert f"{len(developments)} of {len(developments)}" in desk.said()

    lines = {
        command: desk.tumen(*command, "-c", str(folder / "tumen.yaml"), "--json")
        for command in (("alerts", "list"), ("sources", "list"), ("status",))
    }
    assert [done.returncode for done in lines.values()] == [0, 0, 0]
    alerts, sources, status = (
        [json.loads(one) for one in done.stdout.splitlines()] for done in lines.values()
    )
    assert len(alerts) >= len(developments)
    assert all(delivery["state"] == "sent" for alert in alerts for delivery in alert["deliveries"])
    assert {source["condition"] for source in sources} == {"ok"}
    assert status[0]["running"] is False
    assert status[0]["alerts"] == len(alerts)
    assert processes.are_gone(desk.mark, 3)
