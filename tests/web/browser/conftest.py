"""Chromium before the real `tumen web`, on histories that the service's own parts have made.

`SCREENSHOTS=folder` keeps a picture of each page that is walked.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.web.browser.hostile import PACK, publish_all

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    *("--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # no name leads anywhere
)
_SERVED = re.compile(r"the history is at (http://\S+)/")
_PATIENCE = 60.0  # seconds; a busy machine takes its time


@contextmanager
def serve(history: Path, *, pack: str = str(PACK), folder: Path | None = None, **web: str) -> Iterator[str]:
    """The address at which `tumen web` serves a history; its configuration lies beside it, or in a folder."""
    config = (folder or history.parent) / "tumen.yaml"
    channels = {"desk": {"url": "mailto://desk@127.0.0.1:9"}}
    settings = {"history": str(history), "packs": [pack], "channels": channels, "web": web}
    config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    command = (sys.executable, "-c", "from monitor.cli import main; main()", "web")
    process = subprocess.Popen(
        (*command, "--config", str(config), "--port", "0"),
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    said: list[str] = []
    found = threading.Event()

    def listen() -> None:
        for line in process.stderr:
            said.append(line)
            if _SERVED.search(line):
                found.set()
        found.set()

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    try:
        found.wait(_PATIENCE)
        served = _SERVED.search("".join(said))
        assert served, f"it was not served: {''.join(said)}"
        yield served[1]
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_PATIENCE)
        finally:
            process.kill()
        listening.join(_PATIENCE)
    assert not [line for line in said if "Traceback" in line or "failed" in line], "".join(said)


@pytest.fixture(scope="module")
def chromium():
    """The browser, with nothing open. Its event loop leaves no other test a loop of its own, so it ends soon."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright drives the browser")
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The address of pages about a history that is hard to show."""
    path = tmp_path_factory.mktemp("hostile") / "tumen.db"
    publish_all(path)
    with serve(path) as address:
        yield address


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """The address of pages about a history that does not exist yet."""
    with serve(tmp_path_factory.mktemp("empty") / "tumen.db") as address:
        yield address


@pytest.fixture
def look(chromium):
    """Opens a page as a reader has it before them; at the end nothing may have gone wrong in it."""
    contexts, faults = [], []

    def opened(address: str, *, width: int = 1280, scheme: str = "light", **more: object):
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on(
            "console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        # A page of ours asks nobody else; what it asks for is there.
        context.on(
            "request",
            lambda asked: (
                None if asked.url.startswith((address, "data:")) else faults.append(f"asks {asked.url}")
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, json.dumps(faults, ensure_ascii=False, indent=1)


@pytest.fixture
def keep(request):
    """Keeps a picture of a page where `SCREENSHOTS` says."""
    folder = os.environ.get("SCREENSHOTS")

    def kept(page, name: str) -> None:
        if folder:
            at = Path(folder)
            at.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=at / f"{name}.png", full_page=True)

    return kept
