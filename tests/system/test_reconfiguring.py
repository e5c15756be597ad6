"""`tumen.yaml` is edited under a running service."""

from __future__ import annotations

import json
import signal
import threading

import pytest
import yaml

from monitor.demo.inbox import Inbox, Via
from tests.system.desk import TUMEN, mails, told
from tests.system.town import report


@pytest.fixture
def reload(desk):
    """Run `tumen reload` to its end."""
    return lambda *options: desk.tumen("reload", "--config", str(desk.config), *options)


def settings_of(desk):
    return yaml.safe_load(desk.config.read_text(encoding="utf-8"))


def write(desk, settings):
    desk.config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")


def to(inbox, user):
    """The subjects of what a user of the inbox got."""
    return [mail.subject for mail in mails(inbox) if mail.to.startswith(f"{user}@")]


def test_sources_and_channels_change_while_it_runs(desk, town, inbox, reload):
    courier, gazette = town.paper("courier", report("strike")), town.paper("gazette", report("crane"))
    desk.configure([courier.source], inbox.mail_url("desk"))
    service = desk.start()
    desk.wait_for(lambda: desk.has_read(1), service)
    assert to(inbox, "desk") == ["Strike stops the port of Norwick"]

    settings = settings_of(desk)
    desk.configure([gazette.source], inbox.mail_url("press"), crawl={"timeout": "4s"})
    settings = settings_of(desk)
    settings["channels"] = {"press": settings["channels"]["desk"]}
    settings["captures"] = {"folder": "elsewhere"}
    write(desk, settings)
    done = reload("--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["sources"] == {"added": ["gazette"], "removed": ["courier"], "changed": [], "watched": 1}
    assert {"channels.desk", "channels.press", "crawl.timeout"} <= set(found["changed"])
    assert found["needs_restart"] == ["captures.folder"]
    assert "needs a restart, and stays as it was: captures.folder" in desk.said()

    courier.publish(report("fire"))
    desk.wait_for(lambda: to(inbox, "press"), service, "the new source is told to the new channel")
    assert to(inbox, "press") == ["Crane collapses in the port of Norwick"]
    asked = courier.site.counts["/feed"]
    gazette.publish(report("sale"))
    desk.wait_for(lambda: len(to(inbox, "press")) == 2, service)
    assert courier.site.counts["/feed"] == asked, "a source that is gone is still looked at"
    assert not (desk.folder / "elsewhere").exists()
    assert reload().stdout == (
        "nothing has changed, the configuration is in use already\n"
        "needs a restart, and stays as it was: captures.folder\n"
    )
    assert desk.stop(service) == 143
    assert to(inbox, "desk") == ["Strike stops the port of Norwick"]
    assert desk.rows("SELECT count(*) AS many FROM deliveries WHERE state != 'sent'") == [{"many": 0}]


def test_a_broken_configuration_changes_nothing(desk, town, inbox, reload):
    courier = town.paper("courier", report("strike"))
    desk.configure([courier.source], inbox.mail_url("desk"))
    desk.amend(
        channels={"keeper": {"url": inbox.mail_url("keeper"), "notices": "trouble", "rules": ["harbour"]}}
    )
    sound = desk.config.read_text(encoding="utf-8")
    service = desk.start()
    desk.wait_for(lambda: desk.has_read(1), service)

    for broken in (
        f"{sound}sorces: {{}}\n",
        f"{sound}\nretention: {{size: 3}}\n",
        "channels: [",
        sound.replace("rules:", "rulez:"),
        sound.replace("- harbour", "- absent"),
    ):
        desk.config.write_text(broken, encoding="utf-8")
        refused = reload()
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr == desk.tumen("check", "--config", str(desk.config)).stderr
    desk.config.unlink()
    assert "there is no configuration here" in reload().stderr
    assert to(inbox, "keeper") == ["Strike stops the port of Norwick"], "whoever asked has heard it already"

    desk.config.write_text("channels: [", encoding="utf-8")
    service.send_signal(signal.SIGHUP)
    desk.wait_for(lambda: "the configuration is refused" in desk.said(), service)
    courier.publish(report("crane"))
    desk.wait_for(lambda: len(to(inbox, "keeper")) == 3, service, "the keeper is told, and of the next story")
    desk.wait_for(lambda: "Crane collapses in the port of Norwick" in to(inbox, "desk"), service)

    desk.config.write_text(sound, encoding="utf-8")
    (status,) = desk.lines("status")
    (standing,) = status["standing_notices"]
    assert f"{desk.config}:1:" in standing
    service.send_signal(signal.SIGHUP)
    desk.wait_for(lambda: "nothing has changed" in desk.said(), service)
    desk.wait_for(lambda: len(to(inbox, "keeper")) == 4, service, "the keeper is told that it is over")
    (status,) = desk.lines("status")
    assert status["standing_notices"] == []
    assert desk.stop(service) == 143


def test_a_file_of_sources_changes_while_it_runs_and_a_broken_one_changes_nothing(desk, town, inbox, reload):
    courier, gazette = town.paper("courier", report("strike")), town.paper("gazette", report("crane"))
    desk.configure([courier.source, gazette.source], inbox.mail_url("desk"))
    settings, more = settings_of(desk), desk.folder / "more.yaml"
    settings["sources"]["own"].pop()
    settings["sources"]["files"] = ["more.yaml"]
    more.write_text("[]\n", encoding="utf-8")
    write(desk, settings)
    service = desk.start()
    desk.wait_for(lambda: desk.has_read(1), service)

    declared = f"- {{name: gazette, title: Gazette, url: '{gazette.site.url('/feed')}'"
    more.write_text(declared, encoding="utf-8")
    refused = reload()
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"{more}:1:" in refused.stderr
    assert refused.stderr == desk.tumen("check", "--config", str(desk.config)).stderr
    assert desk.has_read(1)

    more.write_text(f"{declared}}}", encoding="utf-8")
    assert reload().stdout == "sources: 1 added; 2 are watched\ntaken up: sources.files\n"
    desk.wait_for(lambda: len(to(inbox, "desk")) == 2, service, "the source of the file is told")
    assert desk.stop(service) == 143


def test_what_is_being_sent_when_its_channel_goes_ends_and_is_recorded(desk, town):
    """The room holds its answer back while the channel is taken out of the configuration."""
    courier = town.paper("courier", report("strike"), report("crane"))
    answer, asked = threading.Event(), threading.Event()

    def hold(message):
        if message.via is Via.CHAT:
            asked.set()
            assert answer.wait(60)

    with Inbox(hold) as inbox:
        desk.configure([courier.source], inbox.mail_url("desk"))
        desk.amend(channels={"room": {"url": inbox.chat_url()}})
        service = desk.start()
        desk.wait_for(lambda: True, service)
        settings = settings_of(desk)
        del settings["channels"]["room"]
        write(desk, settings)
        desk.wait_for(asked.is_set, service, "the room is told, and the other alert waits behind it")
        service.send_signal(signal.SIGHUP)
        desk.wait_for(lambda: "taken up: channels.room" in desk.said(), service)
        desk.wait_for(lambda: len(desk.in_flight()) == 1, service, "the desk is told; the room holds back")
        answer.set()
        desk.wait_for(lambda: "the channel is no longer configured" in desk.said(), service)
        desk.wait_for(lambda: desk.has_read(2), service)
        assert desk.stop(service) == 143
        assert len([message for message in inbox.messages if message.via is Via.CHAT]) == 1
        assert len(to(inbox, "desk")) == 2
    found = desk.rows("SELECT state, last_error FROM deliveries WHERE channel = 'room'")
    assert sorted(row["state"] for row in found) == ["dead", "sent"]
    assert {row["state"] for row in desk.rows("SELECT state FROM deliveries WHERE channel = 'desk'")} == {
        "sent"
    }


def test_many_reloads_amid_work_lose_nothing_and_tell_nothing_twice(desk, small, inbox):
    desk.watch(small, inbox)
    settings = settings_of(desk)
    service = desk.start()
    desk.wait_for(lambda: desk.rows("SELECT 1 FROM looks LIMIT 1"), service)
    for number in range(12):
        settings["crawl"]["timeout"] = f"{3 + number % 2}s"
        settings["channels"]["desk"]["per_hour"] = 100 + number
        write(desk, settings)
        service.send_signal(signal.SIGHUP)
        many = number + 1
        desk.wait_for(lambda many=many: desk.said().count("channels.desk, crawl.timeout") >= many, service)
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    assert desk.stop(service) == 143
    assert set(told(inbox)) == set(desk.alerts().values())
    assert {url for url, times in told(inbox).items() if times > 1} == set()


def test_the_pages_beside_it_are_started_anew_and_checked_first(desk, town, inbox, reload):
    pytest.importorskip("datasette")
    desk.configure([town.paper("courier").source], inbox.mail_url("desk"), web={"port": 0, "language": "en"})
    service = desk.start(program=(*TUMEN, "run", "--web", "--config"))
    desk.wait_for(lambda: desk.said().count("the history is at http://") == 1, service)
    desk.amend(web={"hosts": ["news.example.org"]})
    refused = reload()
    assert refused.returncode == 2
    assert "give web: a password" in refused.stderr
    desk.amend(web={"hosts": [], "language": "de"})
    assert "taken up: web.language" in reload().stdout
    desk.wait_for(lambda: desk.said().count("the history is at http://") == 2, service)
    assert "the web pages are gone" not in desk.said()
    assert desk.stop(service) == 143
