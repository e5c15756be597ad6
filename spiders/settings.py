"""Scrapy settings, safe by default: for `scrapy crawl …` and, with small changes, for the crawl worker.

Whatever a page says, a crawl with these settings opens no port, runs no code it is sent, checks certificates, asks
robots.txt, goes to public addresses only and ends in bounded time and memory.
"""

from __future__ import annotations

from typing import Final

BOT_NAME = "tumen"
SPIDER_MODULES: Final = ["spiders"]
USER_AGENT = "Tumen/0.1 (news monitor)"
# No Accept-Language: a site must answer in its own language, not in ours.
DEFAULT_REQUEST_HEADERS: Final = {
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml,*/*;q=0.8"
}

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
TWISTED_DNS_RESOLVER = "spiders.guard.GuardedResolver"
REACTOR_THREADPOOL_MAXSIZE = 20  # name look-ups that hang must not hold up all others

# Politeness. With a delay of 0 Scrapy 2.19 lets many requests to one host through at once, so it is never 0.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # the delay is a promise, not a mean
RETRY_ENABLED = False  # the next look is the retry

# Limits.
DOWNLOAD_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 15 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DEPTH_LIMIT = 3
REDIRECT_MAX_TIMES = 5
MEMUSAGE_LIMIT_MB = 512

# Where it may go: http and https through the guard, and nowhere by way of a proxy, which would look names up itself.
_GUARDED: Final = "spiders.guard.GuardedHandler"
DOWNLOAD_HANDLERS: Final = {
    "http": _GUARDED,
    "https": _GUARDED,
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
HTTPPROXY_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
TUMEN_ALLOW_PRIVATE: Final[
    list[str]
] = []  # hosts (`name` or `name:port`) that may be private, separated by commas

# What must not leak, and what must not be open.
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
REFERRER_POLICY = "no-referrer"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

LOG_LEVEL = "WARNING"
FEED_EXPORT_ENCODING = "utf-8"
