import shutil

import pytest

from monitor.app import describe_channels, plan, replaying, utc_now, worker_options
from monitor.config import parse_settings
from monitor.core.errors import AlreadyRunning, ConfigError, MonitorError, RuleError
from monitor.core.topic import Severity
from monitor.store.lock import WriterLock

PACK = "name: tiny\nlabel: {en: Tiny}\n"
CONCEPTS = "kim:\n  kind: actor\n  label: {en: Kim}\n  names: {en: [kim]}\n"
RULES = "about:\n  label: {en: About}\n  when: kim\n"


@pytest.fixture
def folder(tmp_path):
    for name, text in (("pack.yaml", PACK), ("concepts/a.yaml", CONCEPTS), ("rules/a.yaml", RULES)):
        (tmp_path / "tiny" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tiny" / name).write_text(text)
    return tmp_path


@pytest.fixture
def planned(folder):
    return lambda text: plan(parse_settings(f"packs: [tiny]\n{text}", folder, {}))


def test_a_plan_holds_all_that_a_configuration_says(planned):
    made = planned(
        "channels:\n  mail: {url: 'mailto://127.0.0.1/?from=a@b.example&to=c@d.example&mode=insecure', "
        "language: de, rules: [about], at_least: high}\nfreshness: {expires: 1d}\n"
    )
    assert [pack.name for pack in made.packs] == ["tiny"]
    (route,) = made.routes
    assert (route.channel, route.rules, route.at_least) == ("mail", {"about"}, Severity.HIGH)
    assert len(route.recipients) == 1
    assert made.freshness.expires.days == 1
    assert made.voices["mail"].language == "de"
    assert describe_channels(made) == {"mail": ["c@d.example"]}


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("channels: {mail: {url: 'nothing://x'}}", "mail", "cannot be used"),
        ("channels: {mail: {url: 'json://127.0.0.1', packs: [huge]}}", "channel mail", "no pack huge"),
        ("channels: {mail: {url: 'json://127.0.0.1', rules: [abuot]}}", "channel mail", "no rule abuot"),
        ("sources: {names: [nowhere]}", "sources", "no shipped source nowhere"),
    ],
)
def test_what_a_plan_cannot_do_is_said_before_anything_starts(planned, text, where, says):
    with pytest.raises(ConfigError, match=says) as refused:
        planned(text)
    assert where in refused.value.where
    assert refused.value.remedy


def test_two_packs_of_one_name_are_refused(folder):
    shutil.copytree(folder / "tiny", folder / "copy")
    with pytest.raises(RuleError, match="a pack named tiny is loaded already") as refused:
        plan(parse_settings("packs: [tiny, ./copy]", folder, {}))
    assert refused.value.where.endswith("copy")
    assert len(plan(parse_settings("packs: [tiny, tiny]", folder, {})).packs) == 1


def test_the_worker_is_told_its_manners(folder):
    crawl = (
        "{contact: a@example.org, delay: 3s, timeout: 9s, allow_private: ['localhost:1'], obey_robots: false}"
    )
    options = worker_options(parse_settings(f"crawl: {crawl}", folder, {}))
    assert "a@example.org" in options.user_agent
    assert (options.delay, options.timeout, options.allow_private, options.obey_robots) == (
        3,
        9,
        ("localhost:1",),
        False,
    )
    assert worker_options(parse_settings("", folder, {})).obey_robots


def test_replaying_keeps_the_history_only_where_it_is_asked_to(folder):
    with replaying([str(folder / "tiny")], None, utc_now()):
        pass
    assert not list(folder.glob("*.db"))
    with replaying([str(folder / "tiny")], folder / "kept.db", utc_now()):
        assert (folder / "kept.db").exists()


def test_replaying_into_the_history_of_a_running_service_is_refused(folder):
    with (
        WriterLock(folder / "kept.db"),
        pytest.raises(AlreadyRunning),
        replaying([str(folder / "tiny")], folder / "kept.db", utc_now()),
    ):
        pass


def test_errors_know_their_exit_codes():
    def all_kinds(kind):
        return [kind, *(deeper for inner in kind.__subclasses__() for deeper in all_kinds(inner))]

    codes = {kind.__name__: kind.exit_code for kind in all_kinds(MonitorError)}
    documented = {"ConfigError": 2, "RuleError": 2, "InputError": 2, "StorageError": 3, "DatabaseDamaged": 4}
    documented |= {
        "DatabaseNewer": 5,
        "DatabaseBusy": 3,
        "AlreadyRunning": 6,
        "CrawlError": 1,
        "DeliveryError": 1,
    }
    assert documented.items() <= codes.items()
    assert set(codes.values()) <= set(range(1, 7))
    assert str(ConfigError("wrong", where="a.yaml:1", remedy="mend it")) == "a.yaml:1: wrong\n  → mend it"
