"""Captured pages that stations brought, put where those lie that were captured on this machine."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from spiders.captures import NAME, UNFINISHED, CaptureFault, fault_of

if TYPE_CHECKING:
    from monitor.crawl.cluster.orders import Brought
    from spiders.captures import Capture, CaptureOptions
    from spiders.items import CrawlReport


def put_files(brought: Brought, options: CaptureOptions | None) -> tuple[CrawlReport, ...]:
    """The reports, once the files of their captures are in the spool; with the fault of each that could not be put.

    Whether a file is the one that was reported is seen by whoever keeps it.
    """
    return tuple(
        replace(report, capture=_put(report.capture, brought, options)) if report.capture else report
        for report in brought.reports
    )


def _put(capture: Capture, brought: Brought, options: CaptureOptions | None) -> Capture | None:
    if options is None or capture.fault is not None:
        return capture if options else None
    content = brought.files.get(capture.name)
    if content is None or not NAME.fullmatch(capture.name):
        return _without(capture, CaptureFault.LOST, "its file did not come back from the cluster")
    spool = Path(options.spool)
    unfinished = spool / f"{capture.name}{UNFINISHED}"
    try:
        if shutil.disk_usage(spool).free < options.reserve + len(content):
            return _without(capture, CaptureFault.DISK_FULL, "what is free is left to the history")
        unfinished.write_bytes(content)
        unfinished.replace(spool / capture.name)
    except OSError as error:
        return _without(capture, fault_of(error), error.strerror or str(error))
    return capture


def _without(capture: Capture, fault: CaptureFault, detail: str) -> Capture:
    return replace(capture, name="", size=0, sha256="", fault=fault, detail=detail)
