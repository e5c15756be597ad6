"""Addresses of articles: absolute, and the same for every way that leads to the same page."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

# Parameters that say where a reader came from; none of them changes the page.
_TRACKING = re.compile(
    r"(?:utm_\w*|at_(?:medium|campaign|custom\w*|link_\w*|format|ptr_name|bbc_team)|(?:fb|g|dc|y|tt|tw|wbra|gbra)clid"
    r"|msclkid|igshid|igsh|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|vero_\w+|oly_\w+_id|wt_z?mc|xtor|guce_\w+|guccounter"
    r"|__twitter_impression|cmpid|ns_(?:campaign|mchannel|source|linkname|fee)|_ga|_gl|pk_(?:campaign|kwd|source)"
    r"|yandex_\w+|mtm_\w+)",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_LONGEST = 2048  # characters; longer addresses are data in disguise
_STATED = 4 * _LONGEST  # before cleaning
_LABEL = 63  # characters between two dots of a name (RFC 1035); what IDNA does with more takes long


def clean_url(url: str, base: str = "") -> str | None:
    """The absolute http(s) address of `url` as found on the page `base`, or None if it has none.

    Fragment, credentials, default port and tracking parameters are dropped, host and scheme folded, other characters
    than ASCII percent-encoded; the order of parameters is kept. Cleaning a clean address changes nothing.
    """
    stated = _UNSEEN.sub("", url).strip()
    if not stated:
        return None
    try:
        joined = urljoin(base, stated)
        if len(joined) > _STATED or max(map(len, (urlsplit(joined).hostname or "").split("."))) > _LABEL:
            return None
        parts = urlsplit(safe_url_string(joined))
        host = _host(parts)
    except ValueError:  # a broken port, IPv6 address or host name
        return None
    if (
        not host.isascii() or not host or parts.scheme not in _PORTS
    ):  # a name that IDNA does not know stays as it was
        return None
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    cleaned = urlunsplit((parts.scheme, host, parts.path or "/", query, ""))
    return cleaned if len(cleaned) <= _LONGEST else None


def host_of(url: str) -> str:
    """The host of an address without port and a leading `www.`, folded; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def same_host(url: str, other: str) -> bool:
    """Whether both addresses lead to one host and port; a leading `www.` and http or https make no difference."""
    try:
        return host_of(url) == host_of(other) and urlsplit(url).port == urlsplit(other).port
    except ValueError:
        return False


def _host(parts: SplitResult) -> str:
    """Host and port as they identify the server; raises ValueError for a port that is none."""
    host, port = (parts.hostname or "").rstrip("."), parts.port
    if ":" in host:
        host = f"[{host}]"
    return host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"


def _is_tracking(pair: str) -> bool:
    return _TRACKING.fullmatch(pair.partition("=")[0]) is not None
