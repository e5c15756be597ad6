"""What is wrong is said before anything starts: where, what, and what to do. No message repeats a secret."""

from __future__ import annotations

import re

import pytest

SECRET = "s3cr3t-Pa55"
HARBOUR = "history: tumen.db\npacks: [../harbour]\n"


@pytest.fixture
def check(tumen, write, harbour, monkeypatch):
    """Check this configuration, with the tests' own pack."""
    monkeypatch.setenv("PASSWORD", SECRET)

    def run(text: str = "", *more: str):
        write("tumen.yaml", HARBOUR + text)
        answer = tumen("check", *more)
        assert SECRET not in answer.out + answer.err
        assert "Traceback" not in answer.err
        assert answer.controls == set()
        return answer

    return run


def test_all_is_well(check):
    answer = check(
        "channels:\n  me:\n    url: mailtos://user:${PASSWORD}@mail.example.org?from=a@example.org&to=b@example.org\n"
        "sources: {languages: [ko]}\ncrawl: {contact: desk@example.org}\n"
    )
    assert (answer.code, answer.err) == (0, "")
    marks = [line.split()[:2] for line in answer.out.splitlines()]
    assert marks == [["✓", word] for word in ("configuration", "sources", "channel", "pack")]
    assert "me: " in answer.out


def test_without_channels_it_says_that_nobody_is_told(check):
    answer = check()
    assert answer.code == 0
    assert "! channels       none" in answer.out


def test_without_a_contact_it_says_what_that_may_cost(check):
    answer = check()
    assert answer.code == 0
    assert "! contact        none" in answer.out


def test_json_has_a_line_for_each_pack(check):
    answer = check("", "--json")
    (row,) = answer.rows
    assert (answer.code, row["pack"], row["rules"], row["failing"]) == (0, "harbour", 1, 0)
    assert row["examples"] == 3


def test_a_pack_alone_needs_no_configuration(tumen, harbour):
    answer = tumen("check", "--pack", harbour)
    assert answer.code == 0
    assert "1 rules, 3 examples, 0 failing" in answer.out


def test_an_example_that_fails_is_a_finding_with_its_line(tumen, harbour):
    rules = harbour / "rules" / "harbour.yaml"
    rules.write_text(rules.read_text().replace("work in Hull", "work in Norwick harbour \\u202e"))
    line = next(n for n, text in enumerate(rules.read_text().splitlines(), 1) if "\\u202e" in text)
    answer = tumen("check", "--pack", harbour)
    assert answer.code == 1
    assert f"✗ {rules}:{line}:10: harbour " in answer.out
    assert "1 failing" in answer.out
    failing, summary = tumen("check", "--pack", harbour, "--json").rows
    assert failing["where"].startswith(f"{rules}:{line}:")
    assert (failing["rule"], summary["failing"]) == ("harbour", 1)


def test_a_missing_configuration_leads_to_the_command_that_writes_one(tumen):
    for command in (("check",), ("status",), ("alerts", "list"), ("sources", "list"), ("alerts", "retry")):
        answer = tumen(*command, "-c", "nowhere.yaml")
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("error: nowhere.yaml: there is no configuration here\n  → ")
        assert "`tumen init`" in answer.err


def test_the_environment_may_name_the_configuration(tumen, write, harbour, monkeypatch):
    write("other/my.yaml", "packs: [../../harbour]\n")
    monkeypatch.setenv("TUMEN_CONFIG", "other/my.yaml")
    assert "other/my.yaml" in tumen("check").out


MAIL = "mailtos://user:${PASSWORD}@mail.example.org?from=a@example.org&to=b@example.org"


@pytest.mark.parametrize(
    ("text", "line", "says", "remedy"),
    [
        ("chanels: {}\n", 3, "unknown key chanels", "did you mean channels?"),
        ("crawl:\n  delai: 1s\n", 4, "unknown key crawl.delai", "did you mean delay?"),
        ("folder: /tmp\n", 3, "unknown key folder", "remove it"),
        ("crawl: [unclosed\n", 3, "this bracket is never closed", "missing ]"),
        ("packs: [dprk-russia]\n", 3, "packs", ""),
        ("pace: {fastest: soon}\n", 3, "a duration is a number with s, m, h or d", "like 90s"),
        ("pace: {fastest: 5}\n", 3, "a duration is a number with s, m, h or d", "like 90s"),
        ("crawl:\n  workers: 99\n", 4, "crawl.workers", "correct"),
        ("crawl:\n  delay: 0s\n", 4, "crawl.delay", "correct"),
        (
            "channels:\n  me:\n    url: ${NOT_THERE}\n",
            5,
            "the environment has no variable NOT_THERE",
            "set NOT_THERE",
        ),
        ("channels:\n  me: {}\n", 4, "a channel has either url or url_file", ""),
        (f"channels:\n  me:\n    url: {MAIL}\n    url_file: x\n", 4, "either url or url_file", ""),
        (f"channels:\n  me:\n    url: {MAIL}\n    timezone: Berlin\n", 6, "Berlin is no time zone", ""),
        (f"channels:\n  me:\n    url: {MAIL}\n    at_least: loud\n", 6, "at_least", "correct"),
        (f"channels:\n  'me too':\n    url: {MAIL}\n", 4, "'me too' is no name", "letters"),
        ("channels:\n  me:\n    url: [5, {a: '${PASSWORD}'}]\n", 5, "url", ""),
        ("history: &a x\n", 3, "an anchor or alias", ""),
        ("sources:\n  own:\n    - name: mine\n      title: Mine\n", 5, "url is missing", "add url"),
        ("sources:\n  own:\n    - {name: mine, title: Mine, url: ftp://a}\n", 5, "http:// or https://", ""),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(check, text, line, says, remedy):
    answer = check(text)
    assert (answer.code, answer.out) == (2, "")
    where, _, rest = answer.err.removeprefix("error: ").partition(": ")
    assert re.fullmatch(rf"tumen\.yaml:{line}:\d+", where)
    assert says in rest
    assert remedy in rest.partition("→")[2]


@pytest.mark.parametrize(
    ("text", "says", "remedy"),
    [
        (
            "sources: {names: [no-such-paper]}\n",
            "there is no shipped source no-such-paper",
            "sources list --all",
        ),
        ("sources: {shipped: false}\n", "no source is chosen", "declare your own"),
        (
            f"channels: {{me: {{url: '{MAIL}', packs: [harbor]}}}}\n",
            "there is no pack harbor",
            "known: harbour",
        ),
        (
            f"channels: {{me: {{url: '{MAIL}', rules: [troops]}}}}\n",
            "there is no rule troops",
            "known: harbour",
        ),
        ("channels: {me: {url: 'nonsense://${PASSWORD}'}}\n", "channel me", ""),
        ("channels: {me: {url: 'mailtos://user:${PASSWORD}@'}}\n", "channel me", ""),
        ("channels: {me: {url: '${PASSWORD}'}}\n", "channel me", ""),
        ("channels: {me: {url: []}}\n", "has no address", "Apprise"),
        ("channels: {me: {url_file: nowhere.txt}}\n", "url_file cannot be read", ""),
    ],
)
def test_what_cannot_be_used_is_named(check, text, says, remedy):
    answer = check(text)
    assert answer.code == 2
    assert says in answer.err
    assert remedy in answer.err.partition("→")[2]


def test_several_mistakes_are_told_at_once(check):
    answer = check("crawl:\n  workers: 99\n  batch: 0\nbadword: 1\n")
    for place in ("tumen.yaml:4", "tumen.yaml:5", "tumen.yaml:6"):
        assert place in answer.err


@pytest.mark.parametrize(
    ("file", "before", "after", "says", "remedy"),
    [
        ("rules/harbour.yaml", "strike OR", "strik OR", "no concept or macro named strik", "strike"),
        ("rules/harbour.yaml", "severity: high", "severity: loud", "severity: takes low", "correct"),
        (
            "rules/harbour.yaml",
            "must_fire",
            "must_fires",
            "unknown key harbour.must_fires",
            "did you mean must_fire?",
        ),
        ("rules/harbour.yaml", "port AND (", "port AND ((", "this parenthesis is never closed", "add"),
        ("concepts/harbour.yaml", "kind: place", "kind: planet", "kind: takes actor, place", "place"),
        (
            "concepts/harbour.yaml",
            "names: {en: [crane*]}",
            "names: {en: [crane*}",
            "expected a comma or ]",
            "add it",
        ),
        ("pack.yaml", "label: {en: The port of Norwick}", "label: {de: Hafen}", "English", ""),
    ],
)
def test_a_broken_pack_is_named_with_its_line(tumen, harbour, file, before, after, says, remedy):
    broken = harbour / file
    content = broken.read_text()
    assert before in content
    broken.write_text(content.replace(before, after, 1))
    line = next(n for n, text in enumerate(broken.read_text().splitlines(), 1) if after in text)
    answer = tumen("check", "--pack", harbour)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"error: {broken}:")
    assert abs(int(answer.err.removeprefix(f"error: {broken}:").partition(":")[0]) - line) <= 1
    assert says in answer.err
    assert remedy in answer.err.partition("→")[2]


def test_an_unknown_pack_is_told_with_the_known_ones(tumen):
    answer = tumen("check", "--pack", "dprk-rusia")
    assert answer.code == 2
    assert "there is no pack dprk-rusia" in answer.err
    assert "dprk-russia" in answer.err.partition("→")[2]


@pytest.mark.parametrize("when", ["monday", "8:00", "moonday 08:00", "monday 25:00", "[monday, 08:00]"])
def test_a_time_of_the_week_that_is_none_is_explained(tumen, write, harbour, when):
    write(
        "tumen.yaml", f"packs: [../harbour]\nchannels:\n  me: {{url: 'json://localhost', report: {when}}}\n"
    )
    answer = tumen("check")
    assert answer.code == 2
    assert "tumen.yaml:3" in answer.err
    assert "Traceback" not in answer.err
