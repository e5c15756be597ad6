from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def bytecode(pytestconfig):
    """Let child processes share compiled modules: compiling Scrapy anew takes seconds for each of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(pytestconfig.cache.mkdir("bytecode")))
        yield
