"""How a mail looks where it is read: in a real browser, on a narrow phone, in the light and in the dark."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from monitor.core.topic import Severity
from monitor.notify.message import render, render_bundle

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_PHONE = 360  # CSS pixels: the narrowest phones in wide use

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture
def measure(tmp_path):
    """The width that a page takes on a phone, and the colour of what it stands on."""

    def look(html, *, dark=False):
        (tmp_path / "mail.html").write_text(html, encoding="utf-8")
        # A window of Chromium is never as narrow as a phone; a frame is.
        frame = tmp_path / "phone.html"
        frame.write_text(
            f"""<!doctype html><meta name="color-scheme" content="light dark">
            <iframe src="mail.html" style="width: {_PHONE}px; height: 600px; border: 0"></iframe>
            <script>onload = () => {{
              const page = frames[0].document.documentElement, card = page.querySelector(".card");
              document.title = page.scrollWidth + "," + frames[0].getComputedStyle(card).backgroundColor;
            }}</script>""",
            encoding="utf-8",
        )
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        options += [
            "--allow-file-access-from-files",
            "--virtual-time-budget=2000",
            f"--user-data-dir={tmp_path}/profile",
        ]
        scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
        command = [CHROMIUM, *options, *scheme, "--dump-dom", frame.as_uri()]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
        width, colour = re.search(r"<title>(\d+),(.*?)</title>", shown).groups()
        return int(width), colour

    return look


@pytest.mark.parametrize("language", ["de", "ko", "ar"])
def test_nothing_has_to_be_scrolled_sideways_on_a_phone(measure, desk, language):
    voice = desk.voice(language, "Asia/Seoul")
    long = desk.german.title + " Donaudampfschifffahrtsgesellschaftskapitän" * 3 + " " + "x" * 90
    alerts = [
        desk.update(story_title=long, source="o" * 80),
        desk.alert(desk.korean, (("북한", "dprk"),), id=2, story=2),
        desk.alert(desk.arabic, (("كورسك", "kursk"),), id=3, story=3, severity=Severity.URGENT),
    ]
    for message in (render(alerts[0], voice), render_bundle(alerts, voice)):
        assert measure(message.html)[0] == _PHONE


def test_a_mail_is_dark_where_the_reader_wants_it_dark(measure, desk, german):
    html = render(desk.update(), german).html
    assert measure(html)[1] == "rgb(255, 255, 255)"
    assert measure(html, dark=True)[1] == "rgb(30, 35, 41)"
