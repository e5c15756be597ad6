"""The report about a week: one page that needs nothing else."""

from __future__ import annotations

from monitor.publish.report.letter import letter
from monitor.publish.report.page import page, summary
from monitor.publish.report.reading import Report, read_report
from monitor.publish.report.weeks import Week, last_week, week_named

__all__ = ["Report", "Week", "last_week", "letter", "page", "read_report", "summary", "week_named"]
