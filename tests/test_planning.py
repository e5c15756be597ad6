import shutil

import pytest

from monitor.config import parse_settings, worker_options
from monitor.core.errors import ConfigError, RuleError
from monitor.core.reading import Origin
from monitor.core.topic import Severity
from monitor.planning import check_packs, describe_channels, load_packs, plan

PACK = "name: tiny\nlabel: {en: Tiny}\n"
CONCEPTS = "kim:\n  kind: actor\n  label: {en: Kim}\n  names: {en: [kim]}\n"
RULES = "about:\n  label: {en: About}\n  when: kim\n  tags: [leaders]\n"


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
    voice = made.voices(made.packs)["mail"]
    assert (voice.language, list(voice.packs)) == ("de", ["tiny"])
    assert describe_channels(made) == {"mail": ["c@d.example"]}


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("channels: {mail: {url: 'nothing://x'}}", "mail", "cannot be used"),
        ("channels: {mail: {url: 'json://127.0.0.1', packs: [huge]}}", "channel mail", "no pack huge"),
        ("channels: {mail: {url: 'json://127.0.0.1', rules: [abuot]}}", "channel mail", "no rule abuot"),
        ("channels: {mail: {url: 'json://127.0.0.1', tags: [trade]}}", "channel mail", "no tag trade"),
        ("sources: {names: [nowhere]}", "sources", "no shipped source nowhere"),
    ],
)
def test_what_a_plan_cannot_do_is_said_before_anything_starts(planned, text, where, says):
    with pytest.raises(ConfigError, match=says) as refused:
        planned(text)
    assert where in refused.value.where
    assert refused.value.remedy


@pytest.mark.parametrize(("key", "given"), [("tags", "leader"), ("rules", "abuot"), ("packs", "tinny")])
def test_a_name_that_is_almost_right_is_suggested(planned, key, given):
    with pytest.raises(ConfigError) as refused:
        planned(f"channels: {{mail: {{url: 'json://127.0.0.1', {key}: [{given}]}}}}")
    known = {"tags": "leaders", "rules": "about", "packs": "tiny"}[key]
    assert refused.value.remedy == f"did you mean {known}? known: {known}"


def test_a_channel_may_ask_for_tags(planned):
    (route,) = planned("channels: {mail: {url: 'json://127.0.0.1', tags: [leaders]}}").routes
    assert route.tags == {"leaders"}


def test_a_plan_knows_where_articles_come_from(planned):
    own = "{name: mine, title: Mine, url: 'https://mine.example/', tags: [wire]}"
    made = planned(f"sources: {{shipped: false, own: [{own}]}}")
    assert made.origins == {"mine": Origin("mine", ("wire",))}


def test_a_pack_says_which_sources_its_topic_needs(planned, folder):
    (folder / "tiny" / "pack.yaml").write_text(PACK + "sources: {languages: [fi]}\n")
    assert {source.language for source in planned("").sources} == {"fi"}
    assert {source.language for source in planned("sources: {languages: [ko]}").sources} == {"ko"}


def test_packs_that_were_edited_are_checked_against_the_channels(planned, folder):
    made = planned("channels: {mail: {url: 'json://127.0.0.1', rules: [about]}}")
    check_packs(made.settings, made.packs)
    rules = folder / "tiny" / "rules" / "a.yaml"
    rules.write_text(RULES.replace("about:", "around:"))
    with pytest.raises(ConfigError, match="no rule about"):
        check_packs(made.settings, load_packs(["tiny"], folder))


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
