from __future__ import annotations

import os
import runpy
from pathlib import Path

import pytest
from hypothesis import settings

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
