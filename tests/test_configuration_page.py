"""The tables of docs/configuration.md are the models of the configuration."""

import copy

import pytest
import yaml

from monitor.config import Settings, parse_settings
from monitor.config.channels import ChannelSettings, GroupSettings
from monitor.config.cluster import ClusterSettings
from monitor.config.own import OwnSource
from monitor.schemas.page import example, keys, page, sections, written
from tests.test_docs import CONFIGURATION, ENVIRONMENT

SECTIONS = list(dict.fromkeys(sections(Settings)))
HOMES = {  # what stands around a key, and what else it needs
    Settings: {},
    ChannelSettings: {"channels": {"one": {"url": "json://localhost"}}},
    GroupSettings: {"channels": {"one": {"url": "json://localhost", "group": {}}}},
    OwnSource: {"sources": {"own": [{"name": "own", "title": "Own", "url": "https://own.example/"}]}},
    ClusterSettings: {
        "crawl": {"cluster": {"address": "tls://here:1", "ca": "a", "certificate": "b", "key": "c"}}
    },
}
SECRETS = ENVIRONMENT | {"TRANSLATION_KEY": "key", "TUMEN_PASSWORD": "long enough for this"}
WRITTEN = [
    (section, name, example(field))
    for section in SECTIONS
    for name, field in keys(section).items()
    if example(field)
]


def names(section):
    return section.__name__


def home(section):
    """A configuration with this section, and the section in it."""
    if section not in HOMES:
        fields = Settings.model_fields.items()
        name = next(name for name, field in fields if section.__name__ in str(field.annotation))
        HOMES[section] = {
            name: {key: example(one) for key, one in keys(section).items() if one.is_required()}
        }
    around = copy.deepcopy(HOMES[section])
    inner = around
    while inner and isinstance(
        last := [*inner.values()][-1] if isinstance(inner, dict) else inner[-1], dict | list
    ):
        inner = last
    return around, inner


def row(section, name):
    table = CONFIGURATION.partition(f"<!-- keys: {section.__name__} -->")[2].partition("<!-- end")[0]
    return next(line for line in table.splitlines() if line.startswith(f"| `{name}` |"))


def test_the_page_is_as_it_is_made():
    """If not: `make docs`."""
    assert page(CONFIGURATION) == CONFIGURATION


@pytest.mark.parametrize("section", SECTIONS, ids=names)
def test_every_section_has_its_table(section):
    """If not: write two lines where its table is to be, as the others have them, and `make docs`."""
    assert CONFIGURATION.count(f"<!-- keys: {section.__name__} -->\n") == 1


@pytest.mark.parametrize("section", SECTIONS, ids=names)
def test_every_key_says_what_it_means_and_how_it_is_written(section):
    for name, field in keys(section).items():
        assert field.description, f"{name} has no description"
        assert example(field) or "[section]" in row(section, name), f"{name} has no example"


@pytest.mark.parametrize(
    ("section", "name", "text"), WRITTEN, ids=lambda one: getattr(one, "__name__", str(one))
)
def test_every_example_is_taken(section, name, text, tmp_path):
    assert settings(section, name, text, tmp_path)


def settings(section, name, text, folder):
    """What a configuration says in which this key has the value that the text writes."""
    around, inner = home(section)
    if name == "url_file":
        del inner["url"]
    inner[name] = "@"
    shown = yaml.safe_dump(around, sort_keys=False)
    return parse_settings(shown.replace("'@'", text), folder, SECRETS)


@pytest.mark.parametrize("section", SECTIONS, ids=names)
def test_shown_defaults_are_the_defaults(section, tmp_path):
    without = parse_settings(yaml.safe_dump(home(section)[0]), tmp_path, SECRETS)
    for name, field in keys(section).items():
        if default := written(field.default):
            assert settings(section, name, default, tmp_path) == without, f"{name} is not {default}"


def test_a_table_for_what_is_no_section_is_refused():
    with pytest.raises(KeyError, match="SorcesSettings"):
        page("# A\n<!-- keys: SorcesSettings -->\n<!-- end of keys -->\n")


def test_what_stays_until_a_restart_says_so():
    assert "Needs a restart." in row(Settings, "history")
    assert "Needs a restart." not in row(Settings, "packs")
