"""What is ready before the first page is asked for."""

import gc

import pytest

from monitor.web import wording
from monitor.web.serving import _prepare


@pytest.fixture
def thawed():
    """What a server keeps from being looked at, a test gives back."""
    yield
    gc.unfreeze()


def test_pages_find_their_templates_ready_and_the_packs_out_of_the_way(site, thawed):
    wording._templates.cache_clear()
    _prepare(site)
    compiled = {name for _, name in wording._templates().cache}
    assert compiled == {file.name for file in wording.TEMPLATES.iterdir()}
    assert "matcher" in vars(site)
    kept = {id(one) for one in gc.get_objects()}
    assert id(vars(site)) not in kept
    assert gc.get_freeze_count() > 1000
