from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalogue import SourceChoice
from monitor.config import (
    Settings,
    SourceSettings,
    channel_urls,
    load_settings,
    parse_settings,
    watched_sources,
)
from monitor.core.errors import ConfigError
from monitor.core.retention import FLOORS, Retention, RetentionClass
from monitor.core.topic import Severity

SECRET = "hunter2-geheim"


def parse(text, environment=None, folder=Path()):
    return parse_settings(text, folder, environment or {})


def test_an_empty_configuration_has_defaults():
    settings = parse("")
    assert settings.packs == ["dprk-russia"]
    assert settings.channels == {}
    assert settings.pace.fastest == timedelta(minutes=1)
    assert settings.history_path == Path("tumen.db").absolute()


def test_everything_that_can_be_said_is_read(tmp_path):
    settings = parse(
        """
history: geschichte/역사.db
packs: [dprk-russia, ./mine]
channels:
  mail:
    url: ["mailto://a", "mailto://b"]
    language: de
    timezone: Europe/Berlin
    packs: [dprk-russia]
    rules: [troops]
    at_least: high
sources: {languages: [ko, no], at_least: 4, without: [x]}
pace: {fastest: 90s, slowest: 1.5h, failing: 2d}
freshness: {first_look: 12 h, late_after: 30m, expires: 1d}
crawl: {contact: a@example.org, workers: 2, delay: 0.5s, batch: 10, allow_private: ["127.0.0.1:80"]}
""",
        folder=tmp_path,
    )
    mail = settings.channels["mail"]
    assert (mail.language, mail.zone.key, mail.at_least) == ("de", "Europe/Berlin", Severity.HIGH)
    assert channel_urls("mail", mail, tmp_path) == ("mailto://a", "mailto://b")
    assert settings.sources.languages == ["ko", "no"]
    assert (settings.pace.fastest, settings.pace.slowest) == (timedelta(seconds=90), timedelta(minutes=90))
    assert settings.freshness.first_look == timedelta(hours=12)
    assert settings.history_path == tmp_path / "geschichte/역사.db"


@pytest.mark.parametrize(
    ("text", "place", "says", "remedy"),
    [
        ("chanels: {}", "1:1", "unknown key chanels", "did you mean channels?"),
        ("timezone: UTC", "1:1", "unknown key timezone", "remove it"),
        ("folders: x", "1:1", "unknown key folders", "remove it"),
        ("pace:\n  fastets: 5m", "2:3", "unknown key pace.fastets", "did you mean fastest?"),
        ("channels:\n  mail:\n    ulr: x", "3:5", "unknown key channels.mail.ulr", "did you mean url?"),
        ("folder: x", "1:1", "unknown key folder", "remove it"),
        ("packs: []", "1:1", "packs", "correct"),
        ("packs: dprk-russia", "1:8", "packs: a list is expected", "[a, b]"),
        ("pace:\n  fastest: 5", "2:12", "a duration is a number with", "like 90s"),
        ("pace:\n  fastest: 0s", "2:12", "a duration lies between", "correct"),
        ("pace:\n  fastest: 999999999999d", "2:12", "a duration lies between", "correct"),
        (f"pace:\n  fastest: {'9' * 400}d", "2:12", "a duration is a number with", "like 90s"),
        ("pace:\n  fastest: -5m", "2:12", "a duration is a number with", "like 90s"),
        ("crawl:\n  delay: 0s", "2:10", "a duration lies between", "correct"),
        ("crawl:\n  workers: 0", "2:12", "crawl.workers", "correct"),
        ("crawl:\n  batch: many", "2:10", "crawl.batch", "correct"),
        ("channels:\n  mail: {}", "2:3", "either url or url_file", "one of them"),
        ("channels:\n  mail: {url: a, url_file: b}", "2:3", "either url or url_file", "one of them"),
        (
            "channels:\n  mail:\n    url: a\n    timezone: Europe/Berln",
            "4:15",
            "no time zone",
            "did you mean Europe/Berlin?",
        ),
        (
            "channels:\n  mail:\n    url: a\n    timezone: ../../etc/passwd",
            "4:15",
            "no time zone",
            "like Europe/Berlin",
        ),
        ("channels:\n  mail:\n    url: a\n    at_least: loud", "4:15", "at_least", "correct"),
        ("channels:\n  'my mail': {url: a}", "2:3", "'my mail' is no name", "letters"),
        ("channels:\n  1: {url: a}", "2:3", "a text is expected here", "in quotes"),
        ("sources:\n  own:\n  - {name: a, title: A, url: ftp://x}", "3:30", "http:// or https://", "correct"),
        ("sources:\n  own:\n  - {name: a, title: A, url: 'https://'}", "3:30", "names a host", "correct"),
        ("sources:\n  own:\n  - {name: A B, title: A, url: 'https://a.example'}", "3:12", "name", "correct"),
        ("sources:\n  own:\n  - {title: A, url: 'https://a.example'}", "3:5", "name is missing", "add name"),
        ("heartbeat: {every: 5m}", "1:1", "heartbeat.url is missing", "add url"),
        ("heartbeat:\n  url: hc-ping.example/uuid", "2:8", "no address of a check", "like https://"),
        ("heartbeat:\n  url: ftp://x/uuid", "2:8", "no address of a check", "like https://"),
        ("heartbeat:\n  url: https://x/uuid#a", "2:8", "no address of a check", "like https://"),
        ("heartbeat:\n  url: https://x/uuid\n  every: 59s", "3:10", "a cycle lasts at least", "1m or more"),
        ("channels:\n  mail:\n    url: ${MAIL}", "3:5", "no variable MAIL", "set MAIL"),
        ("just text", "1:1", "a mapping is expected", "name: value"),
        ("- a", "1:1", "a mapping is expected", "name: value"),
    ],
)
def test_what_cannot_be_is_refused_with_place_and_remedy(text, place, says, remedy):
    with pytest.raises(ConfigError) as refused:
        parse(text)
    assert refused.value.where == f"tumen.yaml:{place}"
    assert says in refused.value.message
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        f"channels: {{mail: {{url: {SECRET}, at_least: {SECRET}x, timezone: a}}}}",
        f"channels: {{mail: {{url: [{SECRET}, 1, {{a: {SECRET}}}]}}}}",
        f"channels: {{mail: {{url: {{{SECRET}a: 1}}}}}}",
        "channels: {mail: {url: '${MAIL}', url_file: x}}",
        "heartbeat: {url: '${MAIL}'}",
    ],
)
def test_no_message_holds_a_secret(text):
    with pytest.raises(ConfigError) as refused:
        parse(text, {"MAIL": SECRET})
    assert f"{SECRET}'" not in str(refused.value)
    assert f"{SECRET} " not in str(refused.value)
    assert SECRET not in repr(parse(f"channels: {{mail: {{url: {SECRET}}}}}"))


def test_the_environment_fills_values_in():
    settings = parse(
        "channels: {mail: {url: 'mailto://${USER_NAME}:${PASSWORD}@x'}}",
        {"USER_NAME": "kim", "PASSWORD": "${p}"},
    )
    assert channel_urls("mail", settings.channels["mail"], Path()) == ("mailto://kim:%24%7Bp%7D@x",)


def password(environment, folder=Path()):
    return parse("translation: {url: 'http://x', key: 'a-${KEY}'}", environment, folder).translation.key


def test_a_value_comes_from_a_variable_a_file_or_a_credential(tmp_path):
    (tmp_path / "file").write_text("비밀 \U0001f511\n")
    (tmp_path / "KEY").write_text("from systemd")
    for environment, key in (
        ({"KEY": "from\nthe environment\n"}, "a-from\nthe environment\n"),
        ({"KEY_FILE": str(tmp_path / "file")}, "a-비밀 \U0001f511"),
        ({"CREDENTIALS_DIRECTORY": str(tmp_path)}, "a-from systemd"),
        ({"KEY": "mine", "KEY_FILE": "", "CREDENTIALS_DIRECTORY": str(tmp_path / "none")}, "a-mine"),
    ):
        assert password(environment).get_secret_value() == key


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_newline_at_the_end_of_a_file_is_not_part_of_the_secret(tmp_path, end):
    (tmp_path / "key").write_bytes(f"\ufeff{SECRET}\n x {end}".encode())
    assert password({"KEY_FILE": str(tmp_path / "key")}).get_secret_value() == f"a-{SECRET}\n x "


GIVEN = {
    "the variable KEY": {"KEY": SECRET},
    "the file that KEY_FILE names": {"KEY_FILE": "key"},
    "the credential KEY": {"CREDENTIALS_DIRECTORY": "."},
}


@pytest.mark.parametrize("places", [*combinations(GIVEN, 2), tuple(GIVEN)], ids=len)
def test_a_value_that_comes_from_several_places_is_refused(tmp_path, monkeypatch, places):
    monkeypatch.chdir(tmp_path)
    for name in ("key", "KEY"):
        (tmp_path / name).write_text(SECRET)
    with pytest.raises(ConfigError) as refused:
        password({name: value for place in places for name, value in GIVEN[place].items()})
    assert refused.value.message == f"KEY is given more than once: by {' and by '.join(places)}"
    assert refused.value.where == "tumen.yaml:1:32"
    assert SECRET not in str(refused.value)


def folder_of(path):
    path.mkdir()


UNUSABLE = {
    "No such file": lambda path: None,
    "Is a directory": folder_of,
    "is larger than 64 KiB": lambda path: path.write_text(SECRET + "가" * 65_536),
    "is not UTF-8 text": lambda path: path.write_bytes(SECRET.encode() + b"\xff"),
    "holds a control character": lambda path: path.write_bytes(SECRET.encode() + b"\0"),
    "Input/output error": lambda path: path.symlink_to("/proc/self/mem"),
}


@pytest.mark.parametrize(("says", "make"), UNUSABLE.items(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_is_named_by_its_variable_and_never_repeated(tmp_path, says, make):
    make(tmp_path / SECRET)  # people put the secret itself where its file is asked for
    with pytest.raises(ConfigError) as refused:
        password({"KEY_FILE": str(tmp_path / SECRET)})
    assert refused.value.message.startswith("the file that KEY_FILE names ")
    assert says in refused.value.message
    assert refused.value.remedy
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("path", ["a\0b", "\ud800", "a" * 5000, "mailto://u:p@x"])
def test_what_is_no_path_is_refused_without_being_repeated(path):
    with pytest.raises(ConfigError, match="the file that KEY_FILE names ") as refused:
        password({"KEY_FILE": path})
    assert path not in str(refused.value)


def test_a_credential_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "KEY").mkdir()
    with pytest.raises(ConfigError, match="the credential KEY cannot be read: Is a directory"):
        password({"CREDENTIALS_DIRECTORY": str(tmp_path)})


def test_what_is_nowhere_is_said_with_every_way_to_give_it():
    with pytest.raises(ConfigError, match="the environment has no variable KEY") as refused:
        password({"CREDENTIALS_DIRECTORY": "/nowhere"})
    for way in ("set KEY, or KEY_FILE to", "LoadCredential=KEY:"):
        assert way in refused.value.remedy


def test_an_address_in_place_of_its_file_is_not_repeated():
    with pytest.raises(ConfigError, match="url_file is the path of a file") as refused:
        parse(f"channels: {{mail: {{url_file: 'json://x/{SECRET}'}}}}")
    assert SECRET not in str(refused.value)


@given(st.text("aZ14:@/?#&=+%$~é가 ", min_size=1))
def test_a_password_or_parameter_in_an_address_may_hold_any_sign(secret):
    text = "channels: {mail: {url: 'jsons://kim:${S}@host.example/a/${TOKEN}?key=${S}&to=a@b&+key=${S}'}}"
    mail = parse(text, {"S": secret, "TOKEN": "T0/B0"}).channels["mail"]
    (url,) = channel_urls("mail", mail, Path())
    parts = urlsplit(url)
    assert (parts.hostname, parts.path, parts.fragment) == ("host.example", "/a/T0/B0", "")
    assert unquote(parts.password) == secret
    assert parse_qsl(parts.query) == [("key", secret), ("to", "a@b"), (" key", secret)]


@pytest.mark.parametrize(
    "url", ["${ALL}", "json://host.example/${ALL}", "json://host.example/?to=x,${ALL}", "a ?b=${ALL}"]
)
def test_elsewhere_a_value_stands_as_it_is(url):
    mail = parse(f"channels: {{mail: {{url: '{url}'}}}}", {"ALL": "json://h/?a=b&c=%40"}).channels["mail"]
    assert channel_urls("mail", mail, Path()) == (url.replace("${ALL}", "json://h/?a=b&c=%40"),)


def test_a_password_that_would_be_taken_for_the_host_is_refused(tmp_path):
    (tmp_path / "urls").write_text(f"json://kim:p@{SECRET}@host.example/x")
    with pytest.raises(ConfigError, match="an @ too many") as refused:
        channel_urls("chat", parse("channels: {chat: {url_file: urls}}").channels["chat"], tmp_path)
    assert "%40" in refused.value.remedy
    assert SECRET not in str(refused.value)


def test_the_address_of_a_heartbeat_is_a_secret():
    given = parse("heartbeat: {url: 'https://hc.example/${UUID}'}", {"UUID": SECRET}).heartbeat
    assert given.url.get_secret_value() == f"https://hc.example/{SECRET}"
    assert given.every == timedelta(minutes=5)
    assert SECRET not in repr(given)


KEYS = st.sampled_from([*Settings.model_fields, "own", "url", "fastest", "name", "folder", "x"])
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=6),
        st.sampled_from(["5m", "1e9d", "${X}", "high", "0s", "99d"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(KEYS, st.text(max_size=3)), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_values_give_settings_or_an_error_with_file_line_and_column(values):
    import yaml  # noqa: PLC0415  only this test writes YAML

    try:
        parse(yaml.safe_dump(values, allow_unicode=True))
    except ConfigError as refused:
        assert all(number.isdigit() for number in refused.where.rsplit(":", 2)[1:])  # noqa: PT017  either may happen


@given(st.binary(max_size=100))
def test_any_bytes_give_settings_or_an_error_with_file_line_and_column(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any-tumen.yaml"
    file.write_bytes(content)
    try:
        load_settings(file, {})
    except ConfigError as refused:
        assert all(number.isdigit() for number in refused.where.rsplit(":", 2)[1:])  # noqa: PT017  either may happen


@pytest.mark.parametrize("name", ["absent.yaml", "a" * 5000, "a\0b"])
def test_a_configuration_that_is_not_there_is_said_to_be(tmp_path, name):
    with pytest.raises(ConfigError, match="there is no configuration here") as refused:
        load_settings(tmp_path / name)
    assert "tumen init" in refused.value.remedy


def test_addresses_are_read_from_a_file_one_a_line(tmp_path):
    (tmp_path / "urls").write_text("\nmailto://a\n  mailto://b  \nmailto://a\n")
    settings = parse("channels: {mail: {url_file: urls}}", folder=tmp_path)
    assert channel_urls("mail", settings.channels["mail"], tmp_path) == ("mailto://a", "mailto://b")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        (b"\n \n", "has no address"),
        (b"\xff\xfe", "not UTF-8"),
        (b"x" * 70_000, "larger than 64 KiB"),
    ],
)
def test_an_address_file_that_cannot_be_used_names_channel_and_file(tmp_path, content, says):
    if content is not None:
        (tmp_path / "urls").write_bytes(content)
    settings = parse("channels: {mail: {url_file: urls}}", folder=tmp_path)
    with pytest.raises(ConfigError, match=says) as refused:
        channel_urls("mail", settings.channels["mail"], tmp_path)
    assert "channel mail" in refused.value.where
    assert refused.value.remedy


def test_an_empty_address_is_none():
    with pytest.raises(ConfigError, match="has no address"):
        channel_urls("mail", parse("channels: {mail: {url: ' '}}").channels["mail"], Path())


def own(*names):
    return [{"name": name, "title": name, "url": f"https://{name}.example/rss"} for name in names]


def test_own_sources_stand_beside_the_shipped_ones():
    shipped = watched_sources(SourceSettings())
    both = watched_sources(SourceSettings(own=own("mine")))
    assert [source.name for source in both] == [*(source.name for source in shipped), "mine"]
    assert [source.name for source in watched_sources(SourceSettings(shipped=False, own=own("mine")))] == [
        "mine"
    ]


def chosen(**settings):
    """The names of what is watched."""
    return {source.name for source in watched_sources(SourceSettings(**settings))}


def test_shipped_sources_are_chosen_by_language_weight_and_tag():
    everything = watched_sources(SourceSettings())
    assert all(source.enabled for source in everything)
    korean = watched_sources(SourceSettings(languages=["ko"]))
    assert korean
    assert {source.language for source in korean} == {"ko"}
    assert all(source.weight == 5 for source in watched_sources(SourceSettings(at_least=5)))
    assert all("wire" in source.tags for source in watched_sources(SourceSettings(tags=["wire"])))
    assert chosen() - chosen(without=["tass-en"]) == {"tass-en"}


def test_named_sources_are_the_only_shipped_ones():
    assert chosen(names=["tass-en", "kcna-en"]) == {"tass-en", "kcna-en"}
    assert chosen(names=["tass-en"], also=["kcna-en"], own=own("mine")) == {"tass-en", "kcna-en", "mine"}


@pytest.mark.parametrize("others", [{}, {"languages": ["ko"]}, {"tags": ["wire"], "at_least": 5}])
def test_further_sources_are_watched_besides(others):
    assert "rt-en" not in chosen(**others)
    assert chosen(**others, also=["rt-en"]) == chosen(**others) | {"rt-en"}


@pytest.mark.parametrize("others", ["languages: [ko]", "tags: [wire]", "at_least: 1", "without: [tass-ru]"])
def test_names_and_another_choice_contradict_each_other(others):
    with pytest.raises(ConfigError, match=f"whole choice: {others.partition(':')[0]}") as refused:
        parse(f"sources: {{names: [tass-en], {others}}}")
    assert refused.value.where.endswith(":1:1")
    assert "also" in refused.value.remedy


BALTIC = SourceChoice(languages=["fi", "lt"], names=["tass-en", "rt-en"])


def watched_for(*topics, **settings):
    return {source.name for source in watched_sources(SourceSettings(**settings), topics)}


def test_a_topic_asks_for_sources_by_language_and_tag_and_for_some_by_name():
    asked = watched_sources(SourceSettings(), [BALTIC])
    assert {source.language for source in asked if source.name != "tass-en"} == {"fi", "lt"}
    assert "tass-en" in {source.name for source in asked}
    korean_wires = watched_sources(SourceSettings(), [SourceChoice(languages=["ko"], tags=["wire"])])
    assert {(source.language, "wire" in source.tags) for source in korean_wires} == {("ko", True)}
    assert watched_for(SourceChoice(names=["tass-en"])) == {"tass-en"}


def test_no_topic_turns_on_what_is_off_by_default():
    assert "rt-en" not in watched_for(BALTIC)


def test_what_any_topic_asks_for_is_watched():
    korean = SourceChoice(languages=["ko"])
    assert watched_for(BALTIC, korean) == watched_for(BALTIC) | watched_for(korean)
    assert watched_for(BALTIC, None) == chosen()


@pytest.mark.parametrize(
    "settings", [{"languages": ["ko"]}, {"tags": ["wire"]}, {"at_least": 1}, {"names": ["yonhap-en"]}]
)
def test_a_configuration_that_chooses_decides_alone(settings):
    assert watched_for(BALTIC, **settings) == chosen(**settings)


def test_what_a_topic_asks_for_can_be_added_to_and_left_out():
    changed = watched_for(BALTIC, also=["rt-en"], without=["tass-en"], own=own("mine"))
    assert changed == watched_for(BALTIC) - {"tass-en"} | {"rt-en", "mine"}
    assert watched_for(BALTIC, shipped=False, own=own("mine")) == {"mine"}


def test_a_topic_that_asks_for_an_unknown_source_is_refused():
    with pytest.raises(ConfigError, match="no shipped source tass-english") as refused:
        watched_for(SourceChoice(names=["tass-english"]))
    assert refused.value.where == "sources of a pack"


@pytest.mark.parametrize("key", ["names", "also"])
def test_whoever_names_a_source_vouches_for_it(key):
    (doubted,) = (source for source in watched_sources(SourceSettings()) if source.name == "kcna-watch")
    assert doubted.unverified
    assert replace(doubted, unverified=False) in watched_sources(SourceSettings(**{key: ["kcna-watch"]}))


def test_a_misspelt_name_of_a_source_is_recognised():
    with pytest.raises(ConfigError, match="no shipped source yonhapen") as refused:
        watched_sources(SourceSettings(names=["yonhapen"]))
    assert refused.value.remedy == "did you mean yonhap-en?"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"names": ["nowhere"]}, "no shipped source nowhere"),
        ({"also": ["nowhere"]}, "no shipped source nowhere"),
        ({"without": ["nowhere"]}, "no shipped source nowhere"),
        ({"shipped": False}, "no source is chosen"),
        ({"languages": ["xx"]}, "no source is chosen"),
        ({"shipped": False, "own": own("a", "a")}, "declared twice"),
    ],
)
def test_a_choice_of_sources_that_cannot_be_is_refused(settings, says):
    with pytest.raises(ConfigError, match=says) as refused:
        watched_sources(SourceSettings(**settings))
    assert refused.value.remedy


def test_nobody_translates_unless_a_server_is_named():
    assert parse("").translation is None
    found = parse("translation: {url: 'http://localhost:5000', key: '${KEY}', timeout: 2s}", {"KEY": SECRET})
    assert found.translation.url == "http://localhost:5000"
    assert found.translation.key.get_secret_value() == SECRET
    assert found.translation.timeout == timedelta(seconds=2)
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("{}", "url"),
        ("{url: localhost}", "no address"),
        ("{url: 'ftp://localhost'}", "no address"),
        ("{url: 'http://['}", "no address"),
        ("{url: 'http://host:99999'}", "no address"),
        ("{url: 'http://host/?a=b'}", "no address"),
        (f"{{url: 'http://me:{SECRET}@host'}}", "no password"),
        ("{url: 'http://host', timeout: 6s}", "at most 5s"),
        ("{url: 'http://host', language: de}", "language"),
    ],
)
def test_a_translation_that_cannot_be_is_refused(said, complaint):
    with pytest.raises(ConfigError, match=complaint) as refused:
        parse(f"translation: {said}")
    assert SECRET not in str(refused.value)


# Retention


def test_retention_is_read_as_durations_sizes_and_for_ever():
    kept = parse("retention: {unmatched: 30d, looks: forever, size: 1.5 GB}").retention.retention
    assert (kept.unmatched, kept.looks, kept.size) == (timedelta(days=30), None, 1_500_000_000)
    assert parse("").retention.retention == Retention()


@pytest.mark.parametrize("what", RetentionClass)
def test_nothing_may_be_kept_for_less_than_it_is_needed(what):
    floor = FLOORS[what].days
    assert parse(f"retention: {{{what}: {floor}d}}").retention.retention.of(what) == FLOORS[what]
    with pytest.raises(ConfigError, match=f"needed for {floor} days"):
        parse(f"retention: {{{what}: {floor - 1}d}}")


@pytest.mark.parametrize("size", ["20", "20XB", "-1GB", "99MB", "1e9GB", "true", "GB"])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ConfigError, match=r"size|100MB"):
        parse(f"retention: {{size: {size}}}")


@pytest.mark.parametrize("kept", ["never", "90", "ever", "0d", "[]"])
def test_a_time_to_keep_that_is_none_is_refused(kept):
    with pytest.raises(ConfigError):
        parse(f"retention: {{matched: {kept}}}")


@pytest.mark.parametrize(
    ("listen", "host", "port"),
    [
        ("127.0.0.1:9469", "127.0.0.1", 9469),
        ("'[::1]:0'", "::1", 0),
        ("tumen.example.org:80", "tumen.example.org", 80),
    ],
)
def test_health_listens_where_it_is_told(listen, host, port):
    health = parse(f"health: {{listen: {listen}, hosts: [Tumen]}}").health
    assert (health.served.host, health.port) == (host, port)
    assert health.served.knows("tumen:9469")


def test_nothing_listens_unless_it_is_configured_and_then_on_this_machine_only():
    assert parse("").health is None
    assert parse("health: {}").health.served.is_private


@pytest.mark.parametrize(
    "listen", ["9469", "127.0.0.1", "127.0.0.1:65536", ":9469", "http://127.0.0.1:9469", "::1:9469"]
)
def test_an_address_of_health_that_is_none_is_refused(listen):
    with pytest.raises(ConfigError, match="no address with a port"):
        parse(f"health: {{listen: '{listen}'}}")


def test_a_name_of_health_that_is_none_is_refused():
    with pytest.raises(ConfigError, match="is no host"):
        parse("health: {hosts: ['tumen:9469']}")
