"""The settings, and that they work from Scrapy's command line."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from scrapy.settings import Settings

from spiders import settings as ours
from tests.crawl.site import site
from tests.programs import SCRAPY

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings():
    found = Settings()
    found.setmodule(ours)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("ROBOTSTXT_OBEY", True),
        ("REMOTE_CONTROL_ENABLED", False),
        ("TELNETCONSOLE_ENABLED", False),
        ("METAREFRESH_ENABLED", False),
        ("COOKIES_ENABLED", False),
        ("HTTPPROXY_ENABLED", False),
        ("RETRY_ENABLED", False),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", 1),
        ("DOWNLOAD_MAXSIZE", 15 * 1024 * 1024),
    ],
)
def test_defaults_that_are_overridden(settings, name, value):
    assert settings[name] == value


def test_requests_to_a_host_always_have_a_pause_between_them(settings):
    assert settings.getfloat("DOWNLOAD_DELAY") > 0
    assert settings.getfloat("DOWNLOAD_DELAY_JITTER") == 0
    assert 20 <= settings.getfloat("DOWNLOAD_TIMEOUT") <= 30
    assert 0 < settings.getint("DEPTH_LIMIT") <= 5


def test_nothing_but_http_and_https_is_fetched_and_that_through_the_guard(settings):
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert {handler for handler in handlers.values() if handler} == {"spiders.guard.GuardedHandler"}


def scrapy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "spiders.settings",
        "PYTHONPATH": f"{ROOT}:{os.environ['PYTHONPATH']}",
    }
    command = [*SCRAPY, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_scrapy_lists_the_spiders_and_not_the_workers_own(tmp_path):
    listed = scrapy(tmp_path, "list")
    assert listed.stdout.split() == ["feed", "pages", "section", "sitemap"], listed.stderr


def test_a_feed_is_crawled_from_the_command_line_if_its_host_is_allowed(tmp_path):
    with site() as here:
        here.feed("/feed", "북한, 파병")
        arguments = [
            "crawl",
            "feed",
            "-a",
            f"url={here.url('/feed')}",
            "-a",
            "articles=0",
            "-o",
            "-:jsonlines",
        ]
        allowed = scrapy(
            tmp_path, *arguments, "-s", f"TUMEN_ALLOW_PRIVATE={here.host}", "-s", "DOWNLOAD_DELAY=0.05"
        )
        came = dict(here.counts)
        blocked = scrapy(tmp_path, *arguments)
        assert dict(here.counts) == came
    assert [json.loads(line)["title"] for line in allowed.stdout.splitlines()] == ["북한, 파병"], (
        allowed.stderr
    )
    assert blocked.stdout.strip() == ""
    assert "not public" in blocked.stderr
