from datetime import time

import pytest

from monitor.catalogue import declaration as as_declared
from monitor.catalogue import read_sources, shipped_sources
from monitor.core.errors import ConfigError
from spiders.items import Kind, host


def test_every_shipped_source_can_be_watched():
    sources = shipped_sources()
    assert len(sources) == len({source.name for source in sources}) == len({source.url for source in sources})
    for source in sources:
        assert host(source.url)
        assert source.title
        assert source.enabled or source.note, f"{source.name} is off and does not say why"


def test_the_catalogue_speaks_for_the_world():
    watched = [source for source in shipped_sources() if source.enabled]
    assert len(watched) >= 350
    assert len({source.language for source in watched}) >= 20
    assert len({source.country for source in watched}) >= 40


def test_a_declaration_becomes_a_source(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "sources:\n- {name: a-1, title: 연합뉴스, url: 'https://a.example/rss', language: no, tags: [wire]}\n"
    )
    (source,) = read_sources(tmp_path / "a.yaml")
    assert (source.name, source.kind, source.language, source.tags) == ("a-1", Kind.FEED, "no", ("wire",))


def test_a_declaration_can_say_at_which_times_the_source_is_looked_at(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "sources:\n- {name: a, title: A, url: 'https://a.example/rss', times: ['19:30', '07:00'], "
        "quiet: 23:00-05:00, timezone: Asia/Seoul}\n"
    )
    (source,) = read_sources(tmp_path / "a.yaml")
    assert source.times == (time(7), time(19, 30))
    assert source.quiet == (time(23), time(5))
    assert source.timezone == "Asia/Seoul"
    written = as_declared(source)
    assert (written["times"], written["quiet"]) == (["07:00", "19:30"], "23:00-05:00")


@pytest.mark.parametrize(
    ("declaration", "says"),
    [
        ("{name: a, title: A, url: 'https://a.example', weight: 6}", "weight"),
        ("{name: a, title: A, url: 'https://a.example', kind: rss}", "kind"),
        ("{name: a, title: A, url: 'https://a.example', lang: en}", "unknown key sources.0.lang"),
        ("{name: a, title: A, url: 'javascript:x'}", "http"),
        ("{name: a, title: A, url: 'http://[::1'}", "names a host"),
        ("{name: a, title: A, url: 'http://a.example:x/'}", "names a host"),
        ("{name: a, title: A, url: 'https://user:canary@a.example/'}", "holds no password"),
        ("{name: a, title: A, url: 'https://a.example', times: ['7:00']}", "two digits"),
        ("{name: a, title: A, url: 'https://a.example', quiet: '01:00'}", "two times"),
        ("{name: a, title: A, url: 'https://a.example', timezone: Europe/Berln}", "no time zone"),
        ("just text", "mapping"),
    ],
)
def test_a_wrong_declaration_is_refused_with_file_line_and_column(tmp_path, declaration, says):
    file = tmp_path / "a.yaml"
    file.write_text(f"sources:\n- {declaration}\n")
    with pytest.raises(ConfigError, match=says) as refused:
        read_sources(file)
    assert refused.value.where.startswith(f"{file}:2:")
    assert "canary" not in str(refused.value)
