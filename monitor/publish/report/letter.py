"""A report as a message: a few sentences, and the page with it where the way can carry it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.notify.message import Attachment, Message, render_notice
from monitor.publish.report.page import page, summary
from monitor.publish.report.reading import read_report
from monitor.publish.report.weeks import week_named
from monitor.store.database import open_reader

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from monitor.notify.voice import Voice
    from monitor.publish.report.reading import Report


def letter(report: Report, voice: Voice) -> Message:
    """The message about a report for a reader of `voice`."""
    title, sentences = summary(report, voice)
    attached = Attachment(f"report-{report.week.name}.html", "text/html", page(report, voice).encode())
    return replace(render_notice(title, sentences, voice), attachments=(attached,))


def letter_about(history: Path, week: str, voice: Voice, now: datetime) -> Message:
    """The same, read from a history. Raises StorageError or a subclass, InputError if there is no such week."""
    with closing(open_reader(history)) as db:
        return letter(read_report(db, week_named(week), voice.zone, now), voice)
