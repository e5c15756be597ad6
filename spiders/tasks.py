"""What the crawl worker does for one task: look, read or parse, and one report whatever happens."""

from __future__ import annotations

import asyncio
import logging
import stat
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from spiders import capturing, extract, sources
from spiders.decoding import unpack
from spiders.discovery import leads_around, read_about
from spiders.errors import NotASource, NoText
from spiders.fetch import Page, Trouble
from spiders.items import (
    CrawlReport,
    Discover,
    Entry,
    Kind,
    Look,
    Outcome,
    Parse,
    Read,
    Task,
    Validators,
    WorkerOptions,
    host,
)
from spiders.outline import read_outline
from spiders.waiting import max_age, retry_after
from spiders.wording import line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from spiders.fetch import Visit

CHILDREN = 3  # sitemaps of an index that are looked at: the newest; the others are archives
# The worker gives up a little before the parent would end it for good.
PATIENCE = 0.9
DETAIL_LIMIT = 500  # characters
LONGEST_VALIDATOR = 1000  # characters

logger = logging.getLogger(__name__)


async def perform(
    task: Task, visit: Visit, options: WorkerOptions, parsing: Callable[[], Awaitable[None]]
) -> CrawlReport:
    """Do the task and report how it ended; never raises but when it is cancelled.

    `parsing` is awaited right before bytes are given to a parser.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    work = _Work(visit, options, parsing)
    visit.records = options.captures is not None and isinstance(task, Read)
    try:
        async with asyncio.timeout(task.deadline * PATIENCE) as limit:
            work.within(limit)
            report = await work.do(task)
    except Trouble as trouble:
        report = _failed(task, trouble.reason, trouble.detail, trouble.page)
    except TimeoutError:
        report = _failed(task, "timeout", f"not done within {task.deadline * PATIENCE:.0f} seconds")
    except (Exception, SystemExit) as error:
        # The boundary of a job: whatever a hostile page does to a parser ends here, and the next task goes on.
        logger.debug("a parser failed", exc_info=True)
        report = _failed(task, "parser_error", f"{type(error).__name__}: {error}"[:300], work.page)
    return replace(_rested(report, task, visit), seconds=round(loop.time() - begun, 3))


class _Work:
    """The steps of one task; `page` is the last one that was fetched."""

    def __init__(self, visit: Visit, options: WorkerOptions, parsing: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._options = options
        self._parsing = parsing
        self.page: Page | None = None

    def within(self, limit: asyncio.Timeout) -> None:
        """Let the time not count for the task in which the parent does not listen, or others are at the host."""

        @contextmanager
        def pause() -> Iterator[None]:
            due, since = limit.when(), asyncio.get_running_loop().time()
            limit.reschedule(None)
            try:
                yield
            finally:
                limit.reschedule(due and due + asyncio.get_running_loop().time() - since)

        self._visit.pause = pause

    async def _begin_parsing(self) -> None:
        with self._visit.pause():
            await self._parsing()

    async def do(self, task: Task) -> CrawlReport:
        match task:
            case Look():
                return await self._look(task)
            case Discover():
                return await self._discover(task)
            case Read():
                self.page = page = await self._visit.get(task.url, _conditions(task.validators))
                return self._unchanged(task, page) or self._captured(
                    await self._article(task, _good(page), task.language), page
                )
            case Parse():
                with self._visit.pause():
                    await self._visit.begun()
                self.page = page = _local(task, self._options.max_size)
                if task.outline:
                    return await self._outline(task, page)
                if task.entries:
                    return await self._entries(Look(task.id, page.url, task.kind), page, follow=False)
                return await self._article(task, page, None)

    async def _look(self, task: Look) -> CrawlReport:
        self.page = page = await self._visit.get(task.url, _conditions(task.validators))
        return self._unchanged(task, page) or await self._entries(task, _good(page), follow=True)

    def _unchanged(self, task: Look | Read, page: Page) -> CrawlReport | None:
        """The report of a page that is still as its validators say."""
        if page.status != 304 or task.validators == Validators():  # noqa: PLR2004  Not Modified
            return None
        fresh = _validators(page)
        kept = Validators(fresh.etag or task.validators.etag, fresh.modified or task.validators.modified)
        kind = task.kind if isinstance(task, Look) else None
        return _report(task, page, outcome=Outcome.UNCHANGED, kind=kind, validators=kept)

    async def _discover(self, task: Discover) -> CrawlReport:
        """A look that also says what it is about; where it fails, others around it may do."""
        try:
            report = await self._look(Look(task.id, task.url, links=task.links))
        except Trouble as trouble:
            report = _failed(task, trouble.reason, trouble.detail, trouble.page)
        page = self.page
        if page is not None and _is_good(page):
            page, _ = self._bounded(page, html=True)  # what it says of itself stands at its beginning
            await self._parsing()
            about = read_about(page.body, page.url, content_type=page.headers.get("content-type", ""))
            report = replace(report, title=about.title, language=about.language, leads=about.leads)
        if task.around:
            place = page.url if page is not None else task.url
            around = leads_around(place, await self._visit.sitemaps(place))
            report = replace(report, leads=(*report.leads, *around))
        return report

    async def _outline(self, task: Parse, page: Page) -> CrawlReport:
        await self._parsing()
        try:
            leads = read_outline(page.body)
        except NotASource as error:
            raise Trouble(error.reason, error.detail, page=page) from error
        return _report(task, page, leads=leads)

    async def _entries(self, task: Look, page: Page, *, follow: bool) -> CrawlReport:
        """What the page lists.

        A local file is only shown: its sitemaps are not fetched, and entries without a link, which nobody could
        read, are shown as well.
        """
        page, note = self._bounded(page, html=task.kind is Kind.SECTION or _says_html(page))
        seen = await self._seen(task, page, unlinked=not follow)
        entries = list(seen.entries)
        if follow:
            for child in [url for url in seen.children if host(url) == host(page.url)][:CHILDREN]:
                entries += await self._child(task, child)
        elif seen.children and not entries:
            entries = [Entry(url) for url in seen.children]
        if not entries:
            raise Trouble("no_entries", "there is nothing in it", page=page)
        # An index may stay the same while its sitemaps change, so it is never asked whether it has.
        validators = Validators() if seen.children else _validators(page)
        archives = [url for url in seen.children if host(url) == host(page.url)][CHILDREN:]
        return _report(
            task,
            page,
            detail=note,
            kind=seen.kind,
            entries=tuple(entries[: self._options.max_entries]),
            validators=validators,
            older=seen.older or next(iter(archives), ""),
            ttl=seen.ttl,
        )

    async def _child(self, task: Look, url: str) -> tuple[Entry, ...]:
        """The entries of one sitemap of an index; one that is broken does not spoil the others."""
        try:
            page = _good(await self._visit.get(url))
            return (await self._seen(replace(task, kind=Kind.SITEMAP), page)).entries
        except Trouble as trouble:
            logger.debug("%s: a sitemap of the index: %s", url, trouble)
            return ()

    async def _seen(self, task: Look, page: Page, *, unlinked: bool = False) -> sources.Seen:
        await self._begin_parsing()
        try:
            return sources.read_source(
                page.body,
                page.url,
                task.kind,
                links=task.links,
                content_type=page.headers.get("content-type", ""),
                limit=self._options.max_entries,
                unlinked=unlinked,
            )
        except NotASource as error:
            raise Trouble(error.reason, error.detail, page=page) from error

    async def _article(self, task: Task, page: Page, language: str | None) -> CrawlReport:
        page, note = self._bounded(page, html=True)
        await self._begin_parsing()
        try:
            article = extract.read_article(
                page.body, page.url, language=language, content_type=page.headers.get("content-type", "")
            )
        except NoText as error:
            raise Trouble("no_text", error.detail, page=page) from error
        return _report(task, page, detail=note, article=article, validators=_validators(page))

    def _captured(self, report: CrawlReport, page: Page) -> CrawlReport:
        """The report with a capture of its page, if pages are captured."""
        if self._options.captures is None or not page.exchanges:
            return report
        return replace(report, capture=capturing.capture(page.exchanges, self._options.captures))

    def _bounded(self, page: Page, *, html: bool) -> tuple[Page, str]:
        """The page with no more HTML than a parser may get, and a sentence if it was cut.

        News texts stand at the top of their pages, so a cut page still gives its article.
        """
        if not html:
            return page, ""
        most, body = self._options.max_html, unpack(page.body)
        note = f"only the first {most} of {len(body)} bytes were read" if len(body) > most else ""
        return replace(page, body=body[:most]), note


def _is_good(page: Page) -> bool:
    return 200 <= page.status < 300  # noqa: PLR2004  the range of success


def _good(page: Page) -> Page:
    if _is_good(page):
        return page
    raise Trouble(f"http_{page.status}", f"the server answered with status {page.status}", page=page)


def _conditions(validators: Validators) -> dict[str, str]:
    named = {"If-None-Match": validators.etag, "If-Modified-Since": validators.modified}
    return {name: value for name, value in named.items() if value}


def _validators(page: Page) -> Validators:
    return Validators(_harmless(page.headers.get("etag")), _harmless(page.headers.get("last-modified")))


def _harmless(validator: str | None) -> str | None:
    """What can be stored, shown and sent back as it is; without it the source is simply read again."""
    harmless = validator and len(validator) <= LONGEST_VALIDATOR and validator.isprintable()
    return validator if harmless else None


def _says_html(page: Page) -> bool:
    return "html" in page.headers.get("content-type", "").lower()


def _local(task: Parse, most: int) -> Page:
    """A file as if a server had sent it. Raises Trouble."""
    path = Path(task.path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Trouble("unreadable_file", f"{task.path} is no regular file")
        if status.st_size > most:
            raise Trouble("too_large", f"{task.path} has {status.st_size} bytes, and {most} are allowed")
        body = path.read_bytes()
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise Trouble("unreadable_file", f"{task.path} cannot be read: {said}") from error
    return Page(task.url or path.absolute().as_uri(), 0, body, len(body))


def _report(task: Task, page: Page, *, outcome: Outcome = Outcome.OK, **brought: object) -> CrawlReport:
    report = CrawlReport(
        task.id,
        outcome,
        url=page.url,
        status=page.status or None,
        size=page.received,
        retry_after=retry_after(page),
        max_age=max_age(page),
    )
    return replace(report, **brought)  # type: ignore[arg-type]  # the fields of the report, checked by its callers


def _rested(report: CrawlReport, task: Task, visit: Visit) -> CrawlReport:
    """The report with what the host asks for between two requests."""
    if isinstance(task, Parse):
        return report
    rest, asked = visit.rest_of(task.url), visit.asked_of(task.url)
    note = (
        f"robots.txt asks for {asked:.9g} s between two requests, it gets {rest:g} s" if asked > rest else ""
    )
    return replace(report, rest=rest, detail="; ".join(filter(None, (report.detail, note))))


def _failed(task: Task, reason: str, detail: str, page: Page | None = None) -> CrawlReport:
    page = page or Page(url="" if isinstance(task, Parse) else task.url, status=0, body=b"", received=0)
    return _report(task, page, outcome=Outcome.FAILED, reason=reason, detail=line(detail, DETAIL_LIMIT))
