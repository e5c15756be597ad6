"""F12: a service is backed up, goes on, is killed and restored, and sends nothing twice."""

from __future__ import annotations

import json
import signal
from collections import Counter
from pathlib import Path

from tests.system.desk import links, mails
from tests.system.processes import wait_until
from tests.system.town import ago, report

# Of alerts: a notice may be sent at any time.
SENT = "SELECT alert, channel, sent_at FROM deliveries WHERE state = 'sent' AND alert IS NOT NULL ORDER BY id"


def told(inbox):
    """How often each article was told to each reader."""
    return Counter((url, mail.to) for mail in mails(inbox) for url in links(mail))


def test_after_a_backup_a_kill_and_a_restore_nothing_is_sent_twice(desk, small, inbox, door):
    later = door(inbox.mail_port)
    waits = inbox.mail_url("later").replace(str(inbox.mail_port), str(later.port))
    channels = {
        "desk": {"url": inbox.mail_url("desk")},
        "later": {"url": waits},
        "keeper": {"url": inbox.chat_url(), "notices": "trouble", "languages": ["ko"]},
    }
    desk.watch(small, inbox, channels=channels)
    service = desk.serve()
    developments = len(small.developments)
    desk.wait_for(lambda: len(told(inbox)) == developments, service, "one channel is told, the other is down")
    made = desk.tumen("backup", "-c", str(desk.config), "--json")
    assert made.returncode == 0, made.stderr
    backup = json.loads(made.stdout)
    assert Path(backup["path"]).is_file()
    assert backup["alerts"] == developments
    sent = desk.rows(SENT)

    later.open()
    small.papers[0].publish(report("dredger", at=ago(seconds=1)))
    assert desk.tumen("alerts", "retry", "-c", str(desk.config)).returncode == 0
    desk.wait_for(
        lambda: len(told(inbox)) == 2 * (developments + 1), service, "all are told, after the backup"
    )
    service.send_signal(signal.SIGKILL)
    service.wait()

    before = told(inbox)
    restored = desk.tumen("restore", backup["path"], "-c", str(desk.config), "--json")
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["kept_back"] == developments
    assert desk.rows(SENT) == sent
    assert list(desk.folder.glob("tumen.db.before-*/tumen.db"))

    small.papers[1].publish(report("lighthouse", at=ago(seconds=-2)))  # feeds name whole seconds
    service = desk.serve()
    news = small.papers[1].url(report("lighthouse"))
    desk.wait_for(
        lambda: {to for url, to in told(inbox) if url == news} == set_of(before), service, "news is told"
    )
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service, "everything is found again")
    wait_until(
        lambda: any("goes on from a backup" in message.subject + message.text for message in inbox.messages),
        30,
    )
    assert desk.stop(service) == 128 + signal.SIGTERM
    assert set(told(inbox).values()) == {1}
    assert set(told(inbox)) - set(before) == {(news, to) for to in set_of(before)}
    kept_back = desk.rows(
        "SELECT channel, count(*) AS many FROM deliveries WHERE state = 'suppressed' GROUP BY channel"
    )
    assert {row["channel"]: row["many"] for row in kept_back} == {"desk": 1, "later": developments + 1}


def set_of(found):
    """The readers."""
    return {to for _, to in found}
