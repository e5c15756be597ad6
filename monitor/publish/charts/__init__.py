"""Charts as SVG: numbers in, markup out, without script. `style()` is the sheet that gives them their colours."""

from __future__ import annotations

from monitor.publish.charts.bars import Series, stacked_bars
from monitor.publish.charts.chart import Chart, Table, style
from monitor.publish.charts.figures import Point, figure_line
from monitor.publish.charts.heat import week_heat
from monitor.publish.charts.spark import spark

__all__ = ["Chart", "Point", "Series", "Table", "figure_line", "spark", "stacked_bars", "style", "week_heat"]
