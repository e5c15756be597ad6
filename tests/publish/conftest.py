from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from monitor.notify.voice import Voice


def voice_of(language, zone="Europe/Berlin", packs=None):
    return Voice(language, ZoneInfo(zone), packs or {})


@pytest.fixture
def english():
    return voice_of("en")
