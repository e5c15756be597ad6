from __future__ import annotations

import pytest
from hypothesis import settings

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
