"""The values that cross between the crawl worker and whoever asks it to read the web.

Nothing here imports Scrapy, so the parent can use it without a crawler. Every time is an aware `datetime` in UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time  # noqa: TC003  the JSON codec reads the annotations at run time
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from spiders.captures import Capture, CaptureOptions  # noqa: TC001  the same

# What an owner registered, near enough without the list of public suffixes: two labels, or three below `co.uk`.
_OWNED = re.compile(r"[^.]+\.(?:(?:co|com|or|org|ne|net|go|gov|ac|edu|in|mil|re)\.[a-z]{2}|[a-z][^.]*)$")


class Kind(StrEnum):
    """What a source is, and so how it is looked at."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


class Outcome(StrEnum):
    """How a look, read or parse ended."""

    OK = "ok"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """One feed, news sitemap or section page that is watched.

    Attributes:
        name: the key of the source in configuration and history, e.g. `yonhap-en`.
        title: the outlet's name as a reader knows it.
        url: where the source is looked at.
        kind: feed, sitemap (news sitemaps and their indexes) or section (a page of links).
        language: ISO 639-1 code of its articles, or None if mixed.
        country: ISO 3166 code of the outlet, or EU, UN, INT.
        tags: words to choose sources by: wire, official, state-media, specialist …
        weight: 1-5, how likely it is to break the topic (5: looked at most often).
        links: for sections, which links are articles: a CSS selector, or a shell pattern for the link's
            address if it holds `*` and begins with `http`, `/` or `*`.
        enabled: False for sources that are shipped but must be chosen by name.
        unverified: nobody has seen it work of late; it is dropped if it never does.
        note: why it is disabled or needs care.
        times: times of the day at which it is looked at; empty: whenever something new is likely.
        quiet: hours of the day in which it is not looked at, from and to; they may pass midnight.
        timezone: in which these times are meant, a name of the IANA database.
    """

    name: str
    title: str
    url: str
    kind: Kind
    language: str | None = None
    country: str | None = None
    tags: tuple[str, ...] = ()
    weight: int = 3
    links: str | None = None
    enabled: bool = True
    unverified: bool = False
    note: str = ""
    times: tuple[time, ...] = ()
    quiet: tuple[time, time] | None = None
    timezone: str = "UTC"


class Via(StrEnum):
    """Where an address was found at which a source may be."""

    GIVEN = "given"  # it was asked for
    LINK = "link"  # a page declares it as its feed
    ANCHOR = "anchor"  # a page links to it, and its address reads like that of a feed
    ROBOTS = "robots"  # robots.txt names it as a sitemap
    GUESS = "guess"  # many sites have theirs there
    OUTLINE = "outline"  # a file of subscriptions (OPML) lists it


@dataclass(frozen=True, slots=True)
class Lead:
    """An address at which a source may be. `title`, `language` and `tags` are what stands beside it, if anything."""

    url: str
    via: Via
    title: str = ""
    language: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" (RFC 9110, 8.8)."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a source. `kind` None means: find out what it is; `source` names whose `Access` it has."""

    id: str
    url: str
    kind: Kind | None = None
    links: str | None = None
    validators: Validators = Validators()
    deadline: float = 60.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Discover:
    """Look at an address of which nothing is known: what it lists, what it says of itself, where it leads to.

    `around` asks also where on its site sources may be: those that robots.txt names, and the usual addresses.
    """

    id: str
    url: str
    links: str | None = None
    around: bool = False
    deadline: float = 60.0


@dataclass(frozen=True, slots=True)
class Read:
    """Fetch one page and read its article.

    `language` is the source's, a fallback for an undeclared page; `source` names whose `Access` it has. With the
    `validators` of an earlier read a page that has not changed ends `unchanged`.
    """

    id: str
    url: str
    language: str | None = None
    deadline: float = 60.0
    source: str = ""
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class Parse:
    """Read a local file: as an article, (`entries`) a source of the given or guessed kind, or (`outline`) as OPML."""

    id: str
    path: str
    url: str | None = None
    entries: bool = False
    outline: bool = False
    kind: Kind | None = None
    deadline: float = 30.0


Task = Look | Discover | Read | Parse


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """A batch of tasks for one worker; no two jobs in flight share a host."""

    id: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a source: the address of an article and what the source says about it.

    `url` is absolute and cleaned of fragments and tracking parameters: it identifies the entry.
    """

    url: str
    title: str = ""
    summary: str = ""
    published: datetime | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One page: its address, title, text, language and time of publication.

    `url` is the page's canonical address if it names one on its own host, else the final address. `day_only` says
    that the page gave a date without a time of day.
    """

    url: str
    title: str
    text: str
    language: str | None = None
    published: datetime | None = None
    author: str | None = None
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How one task ended, and what it brought.

    Attributes:
        task: the id of the task.
        outcome: ok, unchanged or failed.
        reason: one word a program can act on, empty when ok: `http_404`, `timeout`, `dns`, `unreachable`, `tls`,
            `robots`, `not_a_source`, `no_entries`, `no_text`, `too_large`, `blocked_private_address`,
            `blocked_scheme`, `redirects`, `unreadable_file`, `parser_error`, `worker_lost`, `deadline`.
        detail: one sentence for a person.
        url: the final address, after redirects.
        status: the HTTP status, if there was an answer.
        kind: what the source turned out to be (looks).
        entries: what a look found, in the source's order, bounded.
        article: what a read found.
        title: what a discovered source, or the outlet behind a discovered page, calls itself.
        language: ISO 639 code of the language that it says it is in.
        leads: where else sources may be, in the order of what names them.
        validators: to be stored together with what was found, never before.
        size: bytes of the body as received.
        seconds: from request to report.
        retry_after: seconds the server asked us to wait, if it did.
        older: where the source says that its older entries are, empty if it does not (looks).
        rest: seconds for which the host rests between two requests.
        max_age: seconds for which the server says that its answer holds (Cache-Control), if it does.
        ttl: seconds for which a feed says that it stays as it is, if it does.
        capture: the page as it was fetched, if pages are captured and it holds an article (reads).
    """

    task: str
    outcome: Outcome
    reason: str = ""
    detail: str = ""
    url: str = ""
    status: int | None = None
    kind: Kind | None = None
    entries: tuple[Entry, ...] = ()
    article: Article | None = None
    title: str = ""
    language: str | None = None
    leads: tuple[Lead, ...] = ()
    validators: Validators = Validators()
    size: int = 0
    seconds: float = 0.0
    retry_after: float | None = None
    max_age: float | None = None
    ttl: float | None = None
    older: str = ""
    rest: float = 0.0
    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """How a source is asked, if not as all others are. What may be secret in it is not shown.

    Attributes:
        origin: of the source (see `origin`); its headers, proxy, delay and timeout are for no other.
        headers: sent with each request, cookies and authorization included.
        proxy: the address of an HTTP proxy, empty for none; it looks names up itself, so the guard does not see them.
        proxy_authorization: what the proxy is told.
        delay: seconds between two requests instead of those of all hosts.
        timeout: seconds for one request instead of those of all hosts.
    """

    origin: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    proxy: str = ""
    proxy_authorization: str = field(default="", repr=False)
    delay: float | None = None
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How the worker behaves on the web; sent to it once, at its start.

    Attributes:
        user_agent: names Tumen and a contact.
        delay: seconds between two requests to one host; above 0, or Scrapy 2.19 lets many through at once.
        timeout: seconds for one request, redirects not included.
        max_size: bytes of one body, decompressed.
        max_html: bytes of one HTML page handed to a parser (libxml2 is quadratic on hostile tags).
        max_entries: entries kept of one look.
        memory_mb: address space the worker may use beyond what it needs at its start.
        allow_private: hosts (`name` or `name:port`) that may be reached although their address is private.
        obey_robots: whether robots.txt is asked first.
        access: how sources are asked that need more than others, by their names.
        captures: how pages that are read are captured, None if they are not.
    """

    user_agent: str = "Tumen/0.1 (news monitor)"
    delay: float = 1.0
    timeout: float = 20.0
    max_size: int = 15 * 1024 * 1024
    max_html: int = 2 * 1024 * 1024
    max_entries: int = 1000
    memory_mb: int = 1024
    allow_private: tuple[str, ...] = ()
    obey_robots: bool = True
    access: dict[str, Access] = field(default_factory=dict)
    captures: CaptureOptions | None = None


@lru_cache(maxsize=512)  # the addresses of sources, which come again and again
def host(url: str) -> str:
    """Where a request goes, as politeness counts: `name` or `name:port`, folded, no default port; or empty."""
    try:
        parts = urlsplit(url)
        name, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:  # a broken port or IPv6 address
        return ""
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return name if port in (None, default) else f"{name}:{port}"


def site_of(name: str) -> str:
    """The part of a host's name that is one site: what its owner registered, or an IP address as a whole."""
    found = _OWNED.search(name)
    return found[0] if found else name


def origin(url: str) -> str:
    """Scheme, host and port of an address (RFC 6454): what a secret is told to, and nothing else."""
    return f"{urlsplit(url).scheme}://{host(url)}"
