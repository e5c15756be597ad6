"""Sources in files of their own, beside the configuration."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from monitor.config import differences, parse_settings, watched_sources, worker_options
from monitor.config.openly import files_with_secrets
from monitor.config.renaming import Renamed
from monitor.core.errors import ConfigError
from monitor.documents import MAX_SIZE
from monitor.planning import open_cluster

SEOUL = "- {name: seoul, title: Seoul, url: 'https://seoul.example/feed'}\n"
TOKYO = "- {name: tokyo, title: Tokyo, url: 'https://tokyo.example/feed'}\n"
PARIS = "- name: paris\n  title: Paris\n  url: https://paris.example/feed\n"
BOTH = "sources:\n  shipped: false\n  files: [sources/asia.yaml, sources/europe.yaml]\n"
SECRET = "hunter2-geheim"


@pytest.fixture
def write(tmp_path):
    (tmp_path / "sources").mkdir()

    def save(**files):
        for name, text in files.items():
            (tmp_path / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")

    save(asia=SEOUL + TOKYO, europe=PARIS)
    return save


@pytest.fixture
def read(write, tmp_path):
    def settings(text=BOTH, environment=None, renamed=()):
        return parse_settings(text, tmp_path, environment or {}, renamed)

    return settings


def names(settings):
    return [source.name for source in watched_sources(settings.sources)]


def refused(settings):
    with pytest.raises(ConfigError) as caught:
        watched_sources(settings.sources)
    assert caught.value.remedy
    return caught.value


def test_what_files_declare_is_watched_beside_what_the_configuration_does(read):
    own = "  own: [{name: mine, title: Mine, url: 'https://mine.example/feed'}]\n"
    assert names(read()) == ["seoul", "tokyo", "paris"]
    assert names(read(BOTH + own)) == ["mine", "seoul", "tokyo", "paris"]
    shipped = read(BOTH.replace("  shipped: false\n", "  also: [rodong-en]\n"))
    assert {"seoul", "paris", "rodong-en"} < set(names(shipped))


def test_a_source_is_the_same_wherever_it_is_declared(read, write, tmp_path):
    text = (
        "{name: mine, title: Mein, url: 'https://mine.example/f', kind: section, links: a.news, language: ko, "
        "tags: [wire], weight: 5, times: ['07:30'], quiet: 01:00-05:00, timezone: Asia/Seoul, note: slow, "
        "auth: 'a:b', headers: {X-Key: k}, cookies: {c: d}, proxy: 'http://p.example:1', delay: 5s, timeout: 9s}"
    )
    write(asia=f"- {text}\n", europe="[]")
    own, listed = read(f"sources:\n  shipped: false\n  own: [{text}]\n"), read()
    assert watched_sources(own.sources) == watched_sources(listed.sources)
    assert worker_options(own) == worker_options(listed)
    assert worker_options(listed).access["mine"].headers


def test_secrets_in_a_file_reach_the_worker_and_no_other_place(read, write):
    write(europe=PARIS + "  auth: 'reader:${PASSWORD}'\n")
    settings = read(environment={"PASSWORD": SECRET})
    options = worker_options(settings)
    assert list(options.access) == ["paris"]
    for shown in (repr(settings), repr(settings.sources.listed), settings.model_dump_json(), repr(options)):
        assert SECRET not in shown
        assert "cmVhZGVy" not in shown


def test_a_cluster_that_can_be_listened_to_is_warned_of_for_the_sake_of_a_login_in_a_file(read, write):
    cluster = "crawl: {cluster: {address: 'tcp://192.0.2.1:8786'}}\n"
    assert not open_cluster(read(BOTH + cluster))
    write(europe=PARIS + "  auth: 'reader:secret'\n")
    assert open_cluster(read(BOTH + cluster))


@pytest.mark.parametrize(
    ("text", "place", "says", "remedy"),
    [
        (PARIS + "  wieght: 4\n", "4:3", "unknown key 0.wieght", "did you mean weight?"),
        (PARIS + "  weight: 9\n", "4:11", "0.weight: has to be 5 or less", "correct"),
        (PARIS + "- {title: A, url: 'https://a.example'}\n", "4:3", "name is missing", "add name"),
        (PARIS + "  headers: {Host: a}\n", "4:3", "Tumen's own", "leave it out"),
        (PARIS + "  auth: 'a:${ABSENT}'\n", "4:3", "no variable ABSENT", "set ABSENT"),
        (PARIS + "  name: again\n", "4:3", "stands twice", "keep one"),
        (PARIS + " weight: 4\n", "4:2", "no valid YAML", "line it up"),
        ("sources:\n" + PARIS, "1:1", "a list is expected here, not a mapping", "begin with -"),
        ("- paris\n", "1:3", "a mapping is expected here", "name: value"),
        ("# later\n", "1:1", "the file is empty", "[]"),
        ("#" * (MAX_SIZE + 1), "1:1", "is larger than 1024 KiB", "split it"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place(read, write, tmp_path, text, place, says, remedy):
    write(europe=text)
    error = refused(read())
    assert error.where == f"{tmp_path / 'sources' / 'europe.yaml'}:{place}"
    assert says in error.message
    assert remedy in error.remedy


def test_a_file_that_is_not_there_is_named(read, tmp_path):
    error = refused(read("sources: {files: [sources/asai.yaml]}"))
    assert error.where == str(tmp_path / "sources" / "asai.yaml")
    assert "No such file" in error.message


def test_a_file_that_is_named_twice_is_refused(read):
    with pytest.raises(ConfigError, match=r"the file sources/asia\.yaml is named twice") as caught:
        read("sources:\n  files: [sources/asia.yaml, sources/asia.yaml]")
    assert caught.value.where == "tumen.yaml:2:3"


@pytest.mark.parametrize(
    ("text", "europe", "place", "first"),
    [
        (BOTH, PARIS + SEOUL, "sources/europe.yaml:4:4", "in {folder}/sources/asia.yaml:1:4"),
        (BOTH, PARIS + PARIS, "sources/europe.yaml:4:3", "in {folder}/sources/europe.yaml:1:3"),
        (BOTH + "  own:\n    " + TOKYO, PARIS, "sources/asia.yaml:2:4", "in tumen.yaml:5:8"),
        (
            BOTH.replace("false", "true"),
            PARIS.replace("paris", "tass-en"),
            "sources/europe.yaml:1:3",
            "as one that comes with Tumen",
        ),
    ],
    ids=["two files", "one file", "the configuration", "shipped"],
)
def test_a_name_that_stands_twice_is_said_with_both_places(read, write, tmp_path, text, europe, place, first):
    write(europe=europe)
    error = refused(read(text))
    assert error.where == str(tmp_path / place)
    assert error.message.endswith(f"is declared twice, first {first.format(folder=tmp_path)}")


def test_two_declarations_of_one_name_in_the_configuration_are_said_with_both_places(read):
    error = refused(read(f"sources:\n  own:\n    {SEOUL}    {SEOUL}"))
    assert (error.where, error.message.rpartition(" in ")[2]) == ("tumen.yaml:4:8", "tumen.yaml:3:8")


def test_a_key_under_its_former_name_is_taken_in_a_file_too(read, write, tmp_path, caplog):
    table = (
        Renamed(("sources", "own", "*", "rank"), ("sources", "own", "*", "weight"), "0.3"),
        Renamed(("crawl", "pause"), ("crawl", "delay"), "0.3"),
    )
    write(europe=PARIS + "  rank: 5\n")
    settings = read(renamed=table)
    assert [source.weight for source in watched_sources(settings.sources)] == [3, 3, 5]
    assert f"{tmp_path / 'sources' / 'europe.yaml'}:4:3: 0.rank is called 0.weight" in caplog.text


def test_files_are_read_for_their_sources_only(read, write):
    write(asia="- [broken")
    settings = read()
    assert settings.sources.files == [Path("sources/asia.yaml"), Path("sources/europe.yaml")]
    assert "never closed" in refused(settings).message


def test_garbage_is_looked_for_again_when_files_have_been_read_or_refused(read, write):
    assert names(read())
    assert gc.isenabled()
    write(asia="- [broken")
    refused(read())
    assert gc.isenabled()


def test_what_was_read_stays_whatever_becomes_of_the_file(read, write):
    settings = read()
    before = names(settings)
    write(asia="- [broken", europe="[]")
    assert names(settings) == before


def test_a_file_is_parsed_anew_only_if_it_may_say_something_else(read, write):
    write(asia=SEOUL, europe=PARIS + "  auth: 'reader:${PASSWORD}'\n")
    old = read(environment={"PASSWORD": "a"})
    asia, europe = old.sources.listed
    again = read(environment={"PASSWORD": "b"})
    assert again.sources.listed[0] is asia
    assert again.sources.listed[1].access != europe.access
    write(asia=TOKYO)
    assert names(read(environment={"PASSWORD": "b"})) == ["tokyo", "paris"]


@pytest.mark.parametrize(
    ("europe", "keys"),
    [
        (PARIS, set()),
        ("# a word\n\n" + PARIS, set()),
        (PARIS + "  weight: 5\n", {"sources.files"}),
        (PARIS + "  headers: {X-Key: a}\n", {"sources.files"}),
    ],
)
def test_what_a_file_says_otherwise_is_a_difference(read, write, europe, keys):
    old = read()
    assert old.sources.listed
    write(europe=europe)
    assert set(differences(old, read())) == keys


def test_a_name_of_a_file_that_is_another_is_a_difference(read):
    assert set(differences(read(), read(BOTH.replace(", sources/europe.yaml", "")))) == {"sources.files"}


def test_files_with_secrets_are_known(read, write, tmp_path):
    config = tmp_path / "tumen.yaml"
    config.write_text(BOTH)
    write(asia=SEOUL, europe=PARIS + "  auth: 'reader:${PASSWORD}'\n")
    assert files_with_secrets(config, read(environment={"PASSWORD": SECRET})) == ()
    write(europe=PARIS + f"  auth: 'reader:{SECRET}'\n")
    assert files_with_secrets(config, read()) == (tmp_path / "sources" / "europe.yaml",)
    write(europe="- [broken")
    assert files_with_secrets(config, read()) == ()
