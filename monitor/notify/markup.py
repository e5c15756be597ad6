"""A post in the markup of a chat service. What others wrote shows as it is and acts in none of them. Pure.

Services differ in what they let us escape. Where a backslash works, it stands before the signs that format. Where it
does not, these signs are replaced by others that look the same. What acts as a pair of signs (a mention, a masked
link, an address) is parted by an invisible joiner, which works everywhere.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import regex

from monitor.notify.excerpt import ELLIPSIS, JOINER, Span, defuse, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FORMATS = regex.compile(r"[\\`*_~|\[\]]")
_BEGINS = regex.compile(r"[<&](?=[\p{L}\p{N}/!?#@:])|\$(?=\$)")  # a tag, an entity, a formula
_TWINS = str.maketrans("*`~\\", "∗ˋ∼⧵")
_BRACKETS = str.maketrans("[]", "［］")
_EDGE = regex.compile(r"(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])")  # inside a word an underscore formats nothing
_SLACK = regex.compile(r"[<>\[\]]")  # Apprise turns the backslashes before these into what Slack asks for
_WORD = regex.compile(r"[\p{L}\p{N}].*(?<=[\p{L}\p{N}\p{M}])", regex.DOTALL)
_ENTITY = regex.compile(r"(&#?\w+);")
_UNSAFE = regex.compile(r"[()\[\]{}<>\"\\`*|^\s]")  # in an address: it could end the link or format something


def _escaped(text: str) -> str:
    return str(_FORMATS.sub(r"\\\g<0>", _BEGINS.sub(rf"\g<0>{JOINER}", defuse(text))))


def _twinned(text: str) -> str:
    return str(_EDGE.sub("ˍ", _BEGINS.sub(rf"\g<0>{JOINER}", defuse(text)))).translate(_TWINS | _BRACKETS)


def _for_slack(text: str) -> str:
    return str(_SLACK.sub(r"\\\g<0>", _EDGE.sub("ˍ", defuse(text)).translate(_TWINS)))


def _for_page(text: str) -> str:
    return html.escape(defuse(text), quote=False)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _address(url: str) -> str:
    """The address without signs that could end the link or format something. It leads to the same page."""
    return str(_ENTITY.sub(r"\1%3B", _UNSAFE.sub(lambda hit: quote(hit.group()), url)))


@dataclass(frozen=True, slots=True)
class Markup:
    """How a service writes. Patterns have `{}` where the text stands, `link` has `{url}` and `{text}`.

    Attributes:
        escape: other people's text so that it shows as it is.
        bold: of a piece of a line; `strong` of a whole line.
        link: empty if the service has none: then the address stands on a line of its own.
        quiet: of a line that matters less.
        address: an address as it may stand in `link`.
        bridged: it may be read without markup, so that the whole address stands beside a link, not only its host.
    """

    escape: Callable[[str], str]
    bold: str = "{}"
    strong: str = "{}"
    link: str = ""
    quiet: str = "{}"
    newline: str = "\n"
    address: Callable[[str], str] = _address
    bridged: bool = False

    @property
    def gap(self) -> str:
        """A blank line."""
        return "\n\n" if self.newline == "\n\n" else self.newline * 2


PLAIN = Markup(defuse)
HTML = Markup(  # Telegram
    _for_page,
    bold="<b>{}</b>",
    strong="<b>{}</b>",
    link='<a href="{url}">{text}</a>',
    quiet="<i>{}</i>",
    newline="<br>",
    address=html.escape,
)
MATRIX = replace(HTML, bridged=True)
MARKDOWN = Markup(_escaped, bold="**{}**", strong="**{}**", link="[{text}](<{url}>)")  # Mattermost
DISCORD = replace(MARKDOWN, quiet="-# {}")
TEAMS = replace(MARKDOWN, link="[{text}]({url})", newline="\n\n")
ZULIP = replace(MARKDOWN, escape=_twinned, link="[{text}]({url})")
ROCKET = replace(ZULIP, bold="*{}*", strong="*{}*")
# Slack formats only between word boundaries, which Korean endings are not: an invisible space makes one.
SLACK = replace(MARKDOWN, escape=_for_slack, bold="\u200b**{}**\u200b")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a post. What is quiet matters less than the others, and stands below them."""

    spans: tuple[Span, ...]
    quiet: bool = False

    @property
    def text(self) -> str:
        """Without marks."""
        return "".join(span.text for span in self.spans)

    def cut(self, limit: int) -> Line:
        """The line with at most `limit` characters."""
        whole = self.text
        kept = shorten(whole, limit)
        if kept == whole:
            return self
        spans, left = [], len(kept) - len(ELLIPSIS)
        for span in self.spans:
            spans.append(replace(span, text=span.text[: max(left, 0)]))
            left -= len(span.text)
        return replace(self, spans=(*(span for span in spans if span.text), Span(kept[-1:])))


@dataclass(frozen=True, slots=True)
class Entry:
    """One of several articles: its headline, and where it leads."""

    headline: str
    url: str


@dataclass(frozen=True, slots=True)
class Post:
    """What a chat is told. Nothing in it is escaped yet.

    Attributes:
        title: one line; `url` is where it leads, empty if nowhere.
        lines: what is said below it.
        entries: the articles, if it is about several.
        foot: what stands at the end.
    """

    title: str
    url: str = ""
    lines: tuple[Line, ...] = ()
    entries: tuple[Entry, ...] = ()
    foot: tuple[Line, ...] = ()


def line(text: str, *, quiet: bool = False) -> Line:
    """A line without marks."""
    return Line((Span(text),), quiet)


def write(post: Post, markup: Markup, limit: int, *, headed: bool = True) -> str:
    """The post within `limit` characters; what is cut ends with an ellipsis, links stay whole.

    Args:
        post: what to say.
        markup: of the service.
        limit: characters, with all that the markup adds.
        headed: with the title, which some services show in a place of its own.
    """
    gap = markup.gap if post.entries else markup.newline
    link = post.url if not markup.link and len(post.url) <= limit else ""
    head = _head(post, markup, limit // 2) if headed else ""
    foot = _within(post.foot, markup, limit // 3)
    room = limit - sum(len(part) + len(gap) for part in (head, foot, link) if part)
    body = _list(post.entries, markup, room) if post.entries else _lines(post.lines, markup, room)
    return gap.join(filter(None, (head, body, foot, link)))


def _head(post: Post, markup: Markup, limit: int) -> str:
    return _linked(post.title, post.url, markup, limit, markup.strong)


def _linked(text: str, url: str, markup: Markup, limit: int, pattern: str = "{}") -> str:
    """The text, shortened, as a link if the service has such and it fits; the host beside it says where it leads."""

    def as_link(said: Line) -> str:
        address = markup.address(url)
        linked = pattern.format(markup.link.format(url=address, text=markup.escape(said.text)))
        return f"{linked} · {html.escape(url) if markup.bridged else markup.escape(_host(url))}"

    found = _fitting(line(text), as_link, limit) if url and markup.link else ""
    return found or _fitting(line(text), lambda said: pattern.format(markup.escape(said.text)), limit)


def _list(entries: Sequence[Entry], markup: Markup, limit: int) -> str:
    """All entries; if they are too long, each is shortened to an equal share."""
    gap = markup.gap
    lines: list[str] = []
    left = limit + len(gap)
    for number, entry in enumerate(entries):
        share = left // (len(entries) - number) - len(gap)  # what a short one leaves is shared by the next
        lines.append(_listed(entry, markup, share))
        left -= len(lines[-1]) + len(gap)
    return gap.join(filter(None, lines))


def _listed(entry: Entry, markup: Markup, limit: int) -> str:
    address = f"{markup.newline}{entry.url}" if entry.url and not markup.link else ""
    if len(address) >= limit:
        return ""
    said = _linked(entry.headline, entry.url, markup, limit - len("• ") - len(address))
    if not said:
        return address.strip()
    return f"• {said}{address}"


def _lines(lines: Sequence[Line], markup: Markup, limit: int) -> str:
    """What is quiet is kept up to half of the room, so that a long lead does not push it out."""
    quiet = _within([one for one in lines if one.quiet], markup, limit // 2)
    left = limit - (len(quiet) + len(markup.newline) if quiet else 0)
    loud = _within([one for one in lines if not one.quiet], markup, left)
    return markup.newline.join(filter(None, (loud, quiet)))


def _within(lines: Sequence[Line], markup: Markup, limit: int) -> str:
    """The first lines that fit; the one after them is cut, so that an ellipsis shows that there was more."""
    found: list[str] = []
    left = limit
    for one in lines:
        spare = len(markup.newline + ELLIPSIS) if one is not lines[-1] else 0
        said = _fitting(one, lambda line: _say(line, markup), left - spare)
        found.append(said or ELLIPSIS[: max(left, 0)])
        left -= len(found[-1]) + len(markup.newline)
        if said != _say(one, markup):
            break
    return markup.newline.join(filter(None, found))


def _fitting(said: Line, write_out: Callable[[Line], str], limit: int) -> str:
    """As much of a line as fits once it is written out; empty if nothing does. Nothing is cut after that."""
    size = min(len(said.text), max(limit, 0))
    while size > 0:
        written = write_out(said.cut(size))
        if len(written) <= limit:
            return written
        size -= max(1, (len(written) - limit) // 6)  # no sign becomes longer than six
    return ""


def _say(said: Line, markup: Markup) -> str:
    pieces = [_piece(span, markup) for span in said.spans]
    written = "".join(pieces)
    # A sign at the begin of a line could make it a heading, a list, a quotation or a table.
    if markup.newline != HTML.newline and markup.link and written and not said.text[0].isalpha():
        written = JOINER + written
    return markup.quiet.format(written) if said.quiet else written


def _piece(span: Span, markup: Markup) -> str:
    text = markup.escape(span.text)
    # Next to punctuation an asterisk does not always format, and then it shows.
    return markup.bold.format(text) if span.marked and _WORD.fullmatch(span.text) else text
