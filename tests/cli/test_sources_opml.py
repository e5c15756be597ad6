"""Subscriptions come from, and go to, other news readers."""

from __future__ import annotations

import pytest

from monitor.catalogue import shipped_sources
from monitor.config import load_settings
from spiders.items import Kind
from spiders.outline import read_outline
from tests.crawl.site import Reply, site


def opml(*feeds: tuple[str, str], folder: str = "Asia") -> str:
    outlines = "".join(f'<outline text="{title}" type="rss" xmlUrl="{url}"/>' for title, url in feeds)
    return f'<opml version="2.0"><body><outline text="{folder}">{outlines}</outline></body></opml>'


@pytest.fixture
def configured(write):
    return write("tumen.yaml", "# mine\nsources: {shipped: false}   # none\n")


def own(configured):
    return [declared.source() for declared in load_settings(configured, {}).sources.own]


def test_subscriptions_become_declarations_with_their_folders_as_tags(tumen, write, configured):
    write(
        "mine.opml",
        opml(("서울신문", "https://seoul.example.kr/rss"), ("서울 2", "https://seoul.example.kr/two.rss")),
    )
    answer = tumen("sources", "import", "mine.opml", "--yes")
    assert (answer.code, answer.out, answer.controls) == (0, "", set())
    first, second = own(configured)
    assert (first.name, first.title, first.kind, first.tags, first.country) == (
        "example", "서울신문", Kind.FEED, ("asia",), "KR",
    )  # fmt: skip
    assert second.name == "example-2"
    assert configured.read_text().startswith("# mine\nsources: {shipped: false, own: [{name: example,")
    assert configured.read_text().endswith("}   # none\n")


def test_what_is_known_already_is_left_out(tumen, write, configured):
    shipped = shipped_sources()[0]
    write(
        "mine.opml",
        opml(("a", "https://a.example/rss"), ("theirs", shipped.url), ("a again", "https://a.example/rss")),
    )
    assert "2 subscriptions, 1 known already" in tumen("sources", "import", "mine.opml", "--yes").err
    again = tumen("sources", "import", "mine.opml", "--yes")
    assert (again.code, len(own(configured))) == (0, 1)
    assert "2 known already" in again.err


def test_declarations_can_be_printed_instead(tumen, write, folder):
    write("mine.opml", opml(("a", "https://a.example/rss")))
    answer = tumen("sources", "import", "mine.opml", "--print")
    assert answer.code == 0
    assert answer.out == (
        "- name: a\n  title: a\n  url: https://a.example/rss\n  kind: feed\n  tags:\n  - asia\n"
    )
    assert not (folder / "tumen.yaml").exists()


def test_a_no_is_respected(tumen, write, configured):
    write("mine.opml", opml(("a", "https://a.example/rss")))
    assert "nothing was written" in tumen("sources", "import", "mine.opml", stdin="n\n").err
    assert own(configured) == []


def test_nothing_is_fetched_unless_asked_for_and_then_what_cannot_be_read_is_left_out(tumen, write):
    with site() as one:
        good, gone = one.feed("/good", "Ships leave"), one.url("/gone")
        one.put(
            "/page",
            Reply(b"<html><body><a href='/a/1'>1</a></body></html>", headers={"Content-Type": "text/html"}),
        )
        write("mine.opml", opml(("Good", good), ("Gone", gone), ("Page", one.url("/page"))))
        configured = write(
            "tumen.yaml",
            f"sources: {{shipped: false}}\ncrawl: {{allow_private: ['{one.host}'], delay: 0.01s}}\n",
        )
        assert tumen("sources", "import", "mine.opml", "--print").code == 0
        assert one.hits == []
        answer = tumen("sources", "import", "mine.opml", "--check", "--yes")
        assert answer.code == 1
        assert f"✗ {gone}: http_404" in answer.err
        assert f"✗ {one.url('/page')}: no_entries" in answer.err
        assert [source.title for source in own(configured)] == ["Good"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<html><body>no</body></html>", "not OPML"),
        ("<!DOCTYPE opml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><opml>&a;</opml>", "entities"),
        ('<!DOCTYPE opml [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><opml>&c;</opml>', "entities"),
        (opml() + " " * 1024 * 1024, "larger than 1024 KiB"),
        ("", "not OPML"),
    ],
)
def test_a_hostile_or_wrong_file_is_refused_and_nothing_is_written(tumen, write, configured, content, says):
    write("mine.opml", content)
    before = configured.read_bytes()
    answer = tumen("sources", "import", "mine.opml", "--yes")
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err
    assert configured.read_bytes() == before


def test_titles_neither_drive_the_terminal_nor_ask_for_secrets(tumen, write, configured, monkeypatch):
    monkeypatch.setenv("SECRET", "hunter2")
    write("mine.opml", opml(("${SECRET}\u202e &#10;- name: x", "https://a.example/rss"), folder="a: {b"))
    answer = tumen("sources", "import", "mine.opml", "--yes")
    assert (answer.code, answer.controls) == (0, set())
    (source,) = own(configured)
    assert (source.title, source.tags) == ("$ {SECRET} - name: x", ("a-b",))


def test_the_watched_feeds_are_exported(tumen, write, configured, folder):
    write("mine.opml", opml(("A &quot;b&quot; &lt;c&gt; &amp; co", "https://a.example/rss?x=1&amp;y=2")))
    tumen("sources", "import", "mine.opml", "--yes")
    answer = tumen("sources", "export", "--opml", "out.opml")
    assert (answer.code, answer.out) == (0, "")
    (lead,) = read_outline((folder / "out.opml").read_bytes())
    assert (lead.title, lead.url, lead.tags) == (
        'A "b" <c> & co',
        "https://a.example/rss?x=1&y=2",
        ("asia",),
    )
    assert tumen("sources", "export", "--opml", "-").out.encode() == (folder / "out.opml").read_bytes()


def test_what_is_exported_is_what_is_watched(tumen, write):
    write("tumen.yaml", "packs: [baltic-cables]\n")  # the topic chooses
    watched = {row["url"] for row in tumen("sources", "list", "--json").rows if row["kind"] == "feed"}
    assert 0 < len(watched) < len(shipped_sources())
    exported = read_outline(tumen("sources", "export", "--opml", "-").out.encode())
    assert {lead.url for lead in exported} == watched


def test_an_export_that_has_no_place_is_said(tumen, write, configured):
    write("mine.opml", opml(("a", "https://a.example/rss")))
    tumen("sources", "import", "mine.opml", "--yes")
    for place in ("/dev/full", "no/such/folder.opml"):
        answer = tumen("sources", "export", "--opml", place)
        assert answer.code == 3
        assert place in answer.err
