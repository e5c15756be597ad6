from __future__ import annotations

import logging
import os
import runpy
from pathlib import Path

import pytest
from hypothesis import settings

from monitor.cli.logs import HEARD

LOOPBACK = Path(__file__).with_name("loopback")

# A busy machine is no failure: hangs are caught by the timeout of each test.
settings.register_profile("tumen", deadline=None)
settings.load_profile("tumen")


@pytest.fixture(scope="session", autouse=True)
def bytecode(pytestconfig):
    """Let child processes share compiled modules: compiling Scrapy anew takes seconds for each of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(pytestconfig.cache.mkdir("bytecode")))
        yield


@pytest.fixture(scope="session", autouse=True)
def escapes(tmp_path_factory):
    """Keep the tests, and what they start, on this machine; they fail if anything tried to reach another."""
    tried = tmp_path_factory.mktemp("escapes") / "tried"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONESCAPES", str(tried))
        patch.setenv("PYTHONPATH", str(LOOPBACK), prepend=os.pathsep)
        runpy.run_path(str(LOOPBACK / "sitecustomize.py"))
        yield tried
    assert not tried.exists(), tried.read_text()


@pytest.fixture(autouse=True)
def logs():
    """Leave the log as it was: what runs within a test may set it up as for a process of its own."""
    root = logging.getLogger()
    loggers = [root, *map(logging.getLogger, HEARD)]
    before = [(one, one.level, one.propagate, one.handlers[:]) for one in loggers]
    yield
    logging.captureWarnings(False)
    for one, level, propagate, handlers in before:
        one.setLevel(level)
        one.propagate = propagate
        if one is not root:  # whose handlers pytest changes meanwhile
            one.handlers = handlers
    for handler in root.handlers[:]:
        if handler not in before[0][-1] and type(handler).__module__.partition(".")[0] != "_pytest":
            root.removeHandler(handler)
