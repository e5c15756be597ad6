"""Whatever others write shows as text in every chat, and leads nowhere but to the article."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
import regex
from apprise import Apprise, NotifyFormat
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown
from markdown_it import MarkdownIt

from monitor.notify.excerpt import JOINER, Span, one_line
from monitor.notify.markup import (
    DISCORD,
    HTML,
    MARKDOWN,
    PLAIN,
    ROCKET,
    SLACK,
    TEAMS,
    ZULIP,
    Entry,
    Line,
    Post,
    line,
    write,
)

URL = "https://www.example.org/a_b?x=1&y=(2)&copy;=[3]*4*|5"
SIGNS = "ab 1北가ش*_~`[](){}<>#+-=.!|@:/&;\\$\"'\u200d\u0301"
HOSTILE = (
    "@everyone @here <@12345> <!channel> <#C1|x> <t:1> <users/all> @**all** #**general** ~town",
    "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example|x> www.evil.example",
    "<script>alert(1)</script> <b>x</b> &lt; &#64;everyone <!-- x --> <a href='https://evil.example'>x</a>",
    "# x",
    "- x",
    "1. x",
    "> x",
    "=====",
    "---|---",
    "```x```",
    "**x** __x__ *x* _x_ ~~x~~ ||x|| `x` \\*x\\* $$x$$",
    "[x]: https://evil.example",
    "https://evil.example/x_y_z",
    "\\<https://evil.example>",
    "\u202eevil\u202c",
)


def hostile_texts():
    signs = st.text(SIGNS, min_size=1, max_size=40)
    return st.one_of(st.sampled_from(HOSTILE), signs, st.text(max_size=40)).map(one_line).filter(bool)


@dataclass
class Seen:
    """What a reader sees of a message, and where it leads."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.seen, self.open = Seen(), []
        self.feed(html)
        self.close()
        assert self.open == [], "markup was cut in two"

    def handle_starttag(self, tag, attrs):
        self.seen.tags.add(tag)
        if tag == "br":
            self.seen.text += "\n"
        else:
            self.open.append(tag)
        self.seen.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.seen.text += data


def as_commonmark(written):
    parser = MarkdownIt("commonmark", {"breaks": True, "xhtmlOut": False}).enable(["table", "strikethrough"])
    return Page(parser.render(written)).seen


def as_discord(written):
    return as_commonmark(regex.sub(r"^-# ", "", written, flags=regex.MULTILINE))


def as_zulip(written):
    parser = Markdown()
    for pattern in ("escape", "automail"):  # as Zulip does, see zerver/lib/markdown/__init__.py
        parser.inlinePatterns.deregister(pattern)
    return Page(parser.convert(written)).seen


def as_rocket(written):
    """Its own signs for bold, then as Zulip."""
    return as_zulip(regex.sub(r"(?<!\*)\*(?!\*)", "**", written))


def as_slack(written):
    """Apprise's dialect, then what stands between angle brackets: https://docs.slack.dev/messaging/formatting-message-text"""
    service = Apprise.instantiate("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/")
    said = service.dialect_convert(written, NotifyFormat.MARKDOWN)
    seen = Seen(links=regex.findall(r"<([^|>]*)", said))
    shown = regex.sub(r"<[^|>]*\|([^>]*)>", r"\1", said)
    assert not set("<>") & set(shown), "a control of Slack"
    shown = regex.sub(r"(^|\u200b)\*|\*(\u200b|$|(?= ·))", "", shown, flags=regex.MULTILINE)
    seen.tags = set(regex.findall(r"[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])", shown))
    seen.links = [link.replace("&amp;", "&") for link in seen.links]
    seen.text = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return seen


READERS = [
    pytest.param(MARKDOWN, as_commonmark, id="markdown"),
    pytest.param(DISCORD, as_discord, id="discord"),
    pytest.param(TEAMS, as_commonmark, id="teams"),
    pytest.param(ZULIP, as_zulip, id="zulip"),
    pytest.param(ROCKET, as_rocket, id="rocket"),
    pytest.param(SLACK, as_slack, id="slack"),
    pytest.param(HTML, lambda written: Page(written).seen, id="html"),
]


def bare(text):
    """The text without what is invisible, and with the signs whose place a twin took."""
    text = regex.sub(r"[\u2060\u200b\s]+", " ", text.replace(JOINER, "").replace("\u200b", ""))
    return text.translate(str.maketrans("∗ˋ∼⧵ˍ［］", "*`~\\_[]")).strip()


def post(title, text, word="word"):
    lines = (Line((Span(text), Span(" "), Span(word, marked=True))), line(text), line(text, quiet=True))
    return Post(title, URL, lines)


@pytest.mark.parametrize(("markup", "read"), READERS)
@given(title=hostile_texts(), text=hostile_texts())
@example(title=HOSTILE[0], text=HOSTILE[1])
@example(title=HOSTILE[2], text=HOSTILE[10])
def test_what_is_shown_is_what_was_written(markup, read, title, text):
    seen = read(write(post(title, text), markup, 10_000))
    assert bare(seen.text) == bare(f"{title} · example.org {text} word {text} {text}")
    assert seen.tags <= {"p", "strong", "a", "b", "i", "br"}
    assert len(seen.links) == 1
    assert seen.links[0].startswith("https://www.example.org/a_b?x=1&y=")


@pytest.mark.parametrize(("markup", "read"), READERS)
@given(title=hostile_texts(), text=hostile_texts(), limit=st.integers(60, 400))
def test_a_short_message_is_cut_between_its_marks_and_shows_it(markup, read, title, text, limit):
    whole = write(post(title, text * 3), markup, 100_000)
    written = write(post(title, text * 3), markup, limit)
    assert len(written) <= limit
    seen = read(written)
    assert all(link.startswith("https://www.example.org/") for link in seen.links)
    if written != whole and written:
        assert "…" in seen.text or "example.org" not in seen.text


@pytest.mark.parametrize("markup", [PLAIN, MARKDOWN, DISCORD, TEAMS, ZULIP, ROCKET, SLACK, HTML])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_nobody_is_mentioned(markup, hostile):
    written = write(post(hostile, hostile), markup, 10_000)
    for trigger in (
        "@everyone",
        "@here",
        "<@",
        "<!channel",
        "<!-",
        "<#",
        "<users",
        "@**",
        "#**",
        "](https://evil",
    ):
        assert trigger not in written
    others = written.replace("https://www.example.org", "")
    assert "://" not in others
    assert "www.evil" not in others


@pytest.mark.parametrize(("markup", "read"), READERS)
@pytest.mark.parametrize("limit", [700, 2000, 20_000])
def test_each_of_several_keeps_its_link(markup, read, limit):
    entries = tuple(Entry(f"Headline [{n}] " + "*long* " * 40, f"https://example.org/{n}") for n in range(6))
    post_of_six = Post("6 alerts: …", entries=entries, foot=(line("Sources: 48 of 50.", quiet=True),))
    written = write(post_of_six, markup, limit)
    assert len(written) <= limit
    assert read(written).links == [entry.url for entry in entries]
    assert "48 of 50" in written


@pytest.mark.parametrize(("markup", "read"), READERS)
def test_a_hostile_address_formats_nothing_and_ends_no_link(markup, read):
    url = 'https://x*y*<b>z.example/](https://evil.example)"><script>`*_~|'
    seen = read(write(Post("Title", url, (line("text"),)), markup, 999))
    assert seen.tags <= {"p", "strong", "a", "b", "i", "br"}
    assert len(seen.links) == 1
    assert seen.links[0].startswith("https://x")
    assert "text" in seen.text


def test_a_blank_line_stands_between_several_in_every_chat():
    several = Post("2 alerts", entries=(Entry("A", "https://a.example"), Entry("B", "https://b.example")))
    assert "\n\n• [A]" in write(several, TEAMS, 999)
    assert "\n\n\n" not in write(several, TEAMS, 999)
    assert "\n\n• [A]" in write(several, DISCORD, 999)
    assert "<br><br>• <a" in write(several, HTML, 999)


def test_evidence_is_bold_even_before_a_korean_ending():
    said = Post("T", URL, (Line((Span("북한", marked=True), Span("은 부인했다"))),))
    assert "**북한**은" in write(said, MARKDOWN, 999)
    assert "<b>북한</b>은" in write(said, HTML, 999)
    assert "\u200b**북한**\u200b은" in write(said, SLACK, 999)


def test_what_ends_with_punctuation_is_not_bold_where_asterisks_would_show():
    said = Post("T", URL, (Line((Span("“북한”", marked=True), Span("은"))),))
    assert "“북한”은" in write(said, MARKDOWN, 999)


def test_a_long_lead_does_not_push_out_who_reports_it():
    said = Post("T", URL, (line("long " * 200), line("Yonhap · 25 Nov", quiet=True)))
    written = write(said, PLAIN, 300)
    assert written.endswith(f"…\nYonhap · 25 Nov\n{URL}")


@pytest.mark.parametrize("markup", [PLAIN, MARKDOWN, SLACK, HTML])
@pytest.mark.parametrize("limit", [0, 1, 5, 40])
def test_an_absurd_limit_is_kept(markup, limit):
    assert len(write(post("A title", "a text"), markup, limit)) <= limit
