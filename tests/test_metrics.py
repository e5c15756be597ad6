"""What is exposed is what Prometheus expects; its own parser reads it back."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.metrics import DECLARED, Kind, Metrics
from monitor.metrics import declared as known

# https://prometheus.io/docs/practices/naming/: base units, as suffixes.
UNITS = ("_seconds", "_bytes")


def samples(metrics):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }


def names(metric):
    return metric.name


@pytest.mark.parametrize("metric", DECLARED, ids=names)
def test_a_metric_is_named_as_prometheus_has_it(metric):
    assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER)
    assert metric.kind is not Kind.HISTOGRAM or metric.name.endswith("_seconds")
    assert bool(metric.buckets) == (metric.kind is Kind.HISTOGRAM)
    assert list(metric.buckets) == sorted(set(metric.buckets))
    for word in ("age", "duration", "lag", "latency", "timestamp", "size"):
        assert word not in metric.name.split("_") or metric.name.endswith(UNITS)
    assert metric.means.endswith(".")


def test_names_are_not_given_twice():
    assert len({metric.full_name for metric in DECLARED}) == len(DECLARED)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (of Prometheus) is not installed")
def test_prometheus_finds_nothing_to_complain_about():
    metrics = Metrics()
    for metric in DECLARED:
        use = {Kind.COUNTER: metrics.add, Kind.GAUGE: metrics.put, Kind.HISTOGRAM: metrics.observe}[
            metric.kind
        ]
        use(metric, 1, *metric.labels)
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=metrics.text(), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_hostile_labels_forge_no_line():
    hostile = 'a"} 1\nevil_total{x="\\'
    metrics = Metrics()
    metrics.add(known.LOOKS, 2, hostile, "ok")
    metrics.put_all(known.STATE, [((hostile, "ok"), 1)])
    found = samples(metrics)
    assert found["tumen_source_fetch_total", ("outcome", "ok"), ("source", hostile)] == 2
    assert not [name for name, *_ in found if name.startswith("evil")]


def test_a_gauge_that_nobody_set_does_not_appear():
    metrics = Metrics()
    assert b"tumen_backup" not in metrics.text()
    metrics.put(known.BACKUP, 1.5)
    assert samples(metrics)["tumen_backup_last_success_timestamp_seconds",] == 1.5


def test_a_source_that_is_gone_leaves_its_gauges_and_keeps_its_counters():
    metrics = Metrics()
    metrics.add(known.LOOKS, 1, "gone", "ok")
    metrics.put_all(known.LAST_OK, [(("gone",), 1)])
    metrics.put_all(known.LAST_OK, [(("here",), 2)])
    found = samples(metrics)
    assert found["tumen_source_last_success_timestamp_seconds", ("source", "here")] == 2
    assert ("tumen_source_last_success_timestamp_seconds", ("source", "gone")) not in found
    assert found["tumen_source_fetch_total", ("outcome", "ok"), ("source", "gone")] == 1


def test_what_the_timer_measures_is_exposed():
    metrics = Metrics()
    metrics.ran("watch", 0.2, 3.0)
    metrics.jumped(-3600.0)
    found = samples(metrics)
    assert found["tumen_cycle_duration_seconds_sum", ("tick", "watch")] == 0.2
    assert found["tumen_scheduler_lag_seconds_bucket", ("le", "2.5")] == 0
    assert found["tumen_scheduler_lag_seconds_bucket", ("le", "5.0")] == 1
    assert found["tumen_clock_jumps_total",] == 1


def test_a_metric_is_used_as_what_it_is():
    with pytest.raises(TypeError, match="tumen_articles_stored_total is a counter"):
        Metrics().observe(known.ARTICLES, 1)
