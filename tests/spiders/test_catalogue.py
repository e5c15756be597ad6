from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from spiders.address import clean_url
from spiders.items import Kind, Source

CATALOGUE = Path(__file__).parents[2] / "spiders" / "catalogue"
SOURCES = [
    pytest.param(source, path.stem, id=source["name"])
    for path in sorted(CATALOGUE.glob("*.yaml"))
    for source in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["sources"]
]


@pytest.mark.parametrize(("declared", "language"), SOURCES)
def test_source_is_declared_in_the_words_of_source(declared, language):
    assert set(declared) <= {field.name for field in fields(Source)}
    source = Source(**{**declared, "kind": Kind(declared["kind"]), "tags": tuple(declared["tags"])})
    assert clean_url(source.url) == source.url
    assert source.name == source.name.lower().replace("_", "-").replace(" ", "-")
    assert source.language in (language, None), "its file is that of its language"
    assert source.tags
    assert source.enabled or source.note, "a source that is off says why"
    assert source.links is None or source.kind is Kind.SECTION


def test_names_and_addresses_are_unique():
    for key in ("name", "url"):
        values = [param.values[0][key] for param in SOURCES]
        assert len(set(values)) == len(values)
