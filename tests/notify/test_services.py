"""Only the services that a configuration names are loaded, and they are Apprise's own."""

from __future__ import annotations

import subprocess
import sys

import pytest
from apprise import Apprise, AppriseAsset
from apprise.plugins import N_MGR

from monitor.notify.services import instantiate, of_schema

# Declared in a way that only Apprise reads; it loads everything for them.
LEFT_TO_APPRISE = {"dbus", "kde", "qt"}
ASSET = AppriseAsset()
TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544/"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#news"


def test_each_service_is_found_by_its_schema_alone():
    Apprise.instantiate("json://localhost")  # loads everything
    everything = {schema: N_MGR[schema] for schema in N_MGR.schemas()}
    assert len(everything) > 200
    missed = {schema for schema, service in everything.items() if of_schema(schema) is not service}
    assert missed <= LEFT_TO_APPRISE
    assert {of_schema(schema) for schema in missed} <= {None}


@pytest.mark.parametrize(
    "url",
    [
        TELEGRAM,
        SLACK,
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "ntfys://ntfy.example.org/topic",
        "JSONS://user:pass@example.org:8443/path?+x=y",
    ],
)
def test_an_address_gives_what_apprise_makes_of_it(url):
    ours, theirs = instantiate(url, ASSET), Apprise.instantiate(url, asset=ASSET)
    assert type(ours) is type(theirs)
    assert ours.url() == theirs.url()


@pytest.mark.parametrize("url", ["tgram://", "slack://T1JJ3T3L2", "dance://here", "://", "", "no address"])
def test_an_unusable_address_gives_no_service(url):
    assert instantiate(url, ASSET) is None


def test_nothing_is_loaded_beside_what_the_channels_name(web):
    web.body = b"ok"
    program = (
        "import asyncio, sys\n"
        "from datetime import UTC, datetime\n"
        "from monitor.jobs.trial import try_channels\n"
        "from monitor.notify.channels import Channel, Channels\n"
        f"channels = [Channel('team', ({web.url('200', 'json')!r},)), Channel('chat', ({TELEGRAM!r},))]\n"
        "assert not Channels(channels).validate()\n"
        "asyncio.run(try_channels(channels[:1], datetime(2026, 1, 1, tzinfo=UTC)))\n"
        "print(*{name.split('.')[2] for name in sys.modules if name.startswith('apprise.plugins.')})"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert len(web.requests) == 1
    assert {"custom_json", "telegram"} < loaded
    assert len(loaded) < 10, loaded
