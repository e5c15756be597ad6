"""What a person can try when a site does not let Tumen read a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiders.items import Kind

if TYPE_CHECKING:
    from spiders.items import CrawlReport

_ROBOTS = (
    "its robots.txt does not want this address read: look for a feed or news sitemap that it allows, with "
    "`tumen sources add` and the address of the site"
)
_TOO_OFTEN = (
    "it was asked too often: raise the `delay` of the source if it is your own, else that under `crawl`, and lower "
    "its `weight`"
)
_LOGIN = "it wants a login, or a key: declare the source as your own, with `auth`, `headers` or `cookies`"
_PROXY = "its proxy wants a login: declare it as http://user:password@host:port"
_CONTACT = "say who you are: `contact` under `crawl` puts an address into the user agent"
_DELAY = "raise `delay` under `crawl`, if it answered before: some sites count requests"
_NETWORK = (
    "see whether a browser on this machine may read it: many sites refuse data centres, whoever asks; then only "
    "another network helps, or asking the site"
)
_REFUSED = {"http_401", "http_403", "http_406", "http_451", "http_503"}


def advice(report: CrawlReport, kind: Kind | None, *, contact: bool) -> tuple[str, ...]:
    """What may help against the way in which a look ended, most promising first; nothing where nothing is refused.

    `kind` is that of the source if it is known; `contact` whether the user agent names somebody to turn to.
    """
    if report.reason == "robots":
        return (_ROBOTS,)
    if report.reason == "http_429":
        return (_TOO_OFTEN,)
    if report.reason == "http_407":
        return (_PROXY,)
    if report.reason not in _REFUSED:
        return ()
    other = "a news sitemap or a section page" if kind is Kind.FEED else "a feed or a news sitemap"
    return (
        *((_LOGIN,) if report.reason == "http_401" else ()),
        f"look for {other} of the same site, which is often open: `tumen sources add` with its address",
        *(() if contact else (_CONTACT,)),
        _DELAY,
        _NETWORK,
    )
