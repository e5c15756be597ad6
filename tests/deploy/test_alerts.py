"""The alert rules name only what the service exposes, and each fires when it should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from monitor.cli import tumen
from monitor.core.liveness import SymptomKind
from monitor.core.sources.state import Condition
from monitor.metrics import DECLARED, Kind

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
RULES = FOLDER / "tumen-alerts.yml"
ALERTS = {
    rule["alert"]: rule
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
}
EXPOSED = {
    name: metric
    for metric in DECLARED
    for name in (
        [f"{metric.full_name}_{part}" for part in ("bucket", "sum", "count")]
        if metric.kind is Kind.HISTOGRAM
        else [metric.full_name]
    )
}
OF_PROMETHEUS = {"job", "instance", "le"}  # labels that it adds, or that histograms have
WORDS = {"kind": set(SymptomKind), "state": set(Condition), "severity": {"page", "ticket"}}
promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (of Prometheus) is not installed"
)

LONG = "x400"  # so many minutes more of the same
SOURCES = 'tumen_sources{state="%s"}'
# The series by which each alert fires. Times in them are seconds since the test begins.
FIRING = {
    "TumenDown": {'up{job="tumen"}': f"0{LONG}"},
    "TumenNotReady": {"tumen_ready": f"0{LONG}"},
    "TumenHistoryUnwritable": {'tumen_symptoms{kind="history_unwritable"}': f"1{LONG}"},
    "TumenHistoryUnreadable": {"tumen_history_up": f"0{LONG}"},
    "TumenSlow": {
        'tumen_scheduler_lag_seconds_bucket{le="5.0"}': f"0{LONG}",
        'tumen_scheduler_lag_seconds_bucket{le="10.0"}': f"0+1{LONG}",
        'tumen_scheduler_lag_seconds_bucket{le="+Inf"}': f"0+1{LONG}",
    },
    "TumenClockJumps": {"tumen_clock_jumps_total": "0x370 1x30"},
    "TumenReloadFailed": {"tumen_config_last_reload_successful": f"0{LONG}"},
    "TumenBackupOld": {"tumen_backup_last_success_timestamp_seconds": f"-160000{LONG}"},
    "TumenNoLookEndsWell": {
        'tumen_source_last_success_timestamp_seconds{source="a"}': f"0{LONG}",
        'tumen_source_last_success_timestamp_seconds{source="b"}': f"3600{LONG}",
    },
    "TumenLooksOverdue": {"tumen_source_oldest_due_age_seconds": f"0+60{LONG}"},
    "TumenSourcesFail": {
        SOURCES % "failing": f"3{LONG}",
        SOURCES % "ok": f"7{LONG}",
        SOURCES % "empty": f"0{LONG}",
    },
    "TumenPossibleGap": {'tumen_source_possible_gaps_total{source="a"}': "0x100 1x100 2x100 3x100"},
    "TumenBacklog": {"tumen_entries_to_read": f"501{LONG}"},
    "TumenDeliveryWaits": {'tumen_delivery_oldest_pending_age_seconds{channel="me"}': f"0+60{LONG}"},
    "TumenDeadLetters": {'tumen_dead_letters_total{channel="me"}': "0x370 1x30"},
    "TumenMessagesExpired": {"tumen_deliveries_expired_total": "0x370 1x30"},
    "TumenMessagesFail": {
        'tumen_notifications_failed_total{channel="me",reason="http_500"}': f"0+2{LONG}",
        'tumen_notifications_total{channel="me"}': f"0+1{LONG}",
    },
    "TumenChannelParked": {'tumen_symptoms{kind="channel_parked"}': f"1{LONG}"},
    "TumenCanaryMissing": {'tumen_symptoms{kind="canary_missing"}': f"1{LONG}"},
    "TumenDiskFull": {"tumen_disk_free_bytes": f"4e8{LONG}"},
    "TumenDiskFillsUp": {"tumen_disk_free_bytes": f"6e9-1e6{LONG}"},
    "TumenHistoryGrows": {"tumen_db_size_bytes": f"1e9+1e7{LONG}"},
    "TumenLogLong": {"tumen_db_wal_bytes": f"7e7{LONG}"},
}
WELL = {
    'up{job="tumen"}': f"1{LONG}",
    "tumen_ready": f"1{LONG}",
    **{f'tumen_symptoms{{kind="{kind}"}}': f"0{LONG}" for kind in SymptomKind},
    "tumen_history_up": f"1{LONG}",
    'tumen_scheduler_lag_seconds_bucket{le="5.0"}': f"0+60{LONG}",
    'tumen_scheduler_lag_seconds_bucket{le="+Inf"}': f"0+60{LONG}",
    "tumen_clock_jumps_total": f"0{LONG}",
    "tumen_config_last_reload_successful": f"1{LONG}",
    "tumen_backup_last_success_timestamp_seconds": f"-80000{LONG}",
    'tumen_source_last_success_timestamp_seconds{source="a"}': f"0+60{LONG}",
    'tumen_source_last_success_timestamp_seconds{source="b"}': f"0{LONG}",
    "tumen_source_oldest_due_age_seconds": f"30{LONG}",
    SOURCES % "failing": f"1{LONG}",
    SOURCES % "ok": f"9{LONG}",
    'tumen_source_possible_gaps_total{source="a"}': "0x200 1x200",
    "tumen_entries_to_read": "5000x60 0x340",
    'tumen_delivery_oldest_pending_age_seconds{channel="me"}': "0+60x20 0x380",
    'tumen_dead_letters_total{channel="me"}': f"3{LONG}",
    "tumen_deliveries_expired_total": f"3{LONG}",
    'tumen_notifications_failed_total{channel="me",reason="http_500"}': f"0+1{LONG}",
    'tumen_notifications_total{channel="me"}': f"0+5{LONG}",
    "tumen_disk_free_bytes": f"6e9-1000{LONG}",
    "tumen_db_size_bytes": f"1e9+1e5{LONG}",
    "tumen_db_wal_bytes": f"2e7{LONG}",
}


def selectors(expression):
    """Each metric that an expression names, with its labels and the words that these are compared with."""
    for name, labels in re.findall(r"\b(up|tumen_\w+)(?:\{([^}]*)\})?", expression):
        yield (
            name,
            {label: set(words.split("|")) for label, words in re.findall(r'(\w+)=~?"([^"]*)"', labels)},
        )


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_names_only_what_is_exposed(alert):
    rule = ALERTS[alert]
    named = list(selectors(rule["expr"]))
    assert named
    for name, labels in named:
        if name == "up":
            continue
        assert name in EXPOSED, f"{alert} names {name}"
        for label, words in labels.items():
            assert label in EXPOSED[name].labels
            assert words <= WORDS[label], f"{alert} names a {label} that there is not"
    labels = {label for name, _ in named if name != "up" for label in EXPOSED[name].labels} | OF_PROMETHEUS
    grouped = re.findall(r"(?:by|without|ignoring|on) \(([^)]*)\)", rule["expr"])
    shown = re.findall(r"\$labels\.(\w+)", str(rule["annotations"]))
    for label in [*",".join(grouped).replace(" ", "").split(","), *shown]:
        assert not label or label in labels, f"{alert} names the label {label}"


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_says_what_is_wrong_and_what_to_do(alert):
    rule = ALERTS[alert]
    assert rule["labels"]["severity"] in WORDS["severity"]
    assert set(rule["annotations"]) == {"summary", "description"}
    for command in re.findall(r"`tumen ([^`]+)`", rule["annotations"]["description"]):
        found = tumen
        for word in command.split():
            if isinstance(found, click.Group):
                found = found.get_command(click.Context(found), word)
                assert found is not None, f"{alert} names `tumen {command}`"
            else:
                assert word in {option for one in found.params for option in one.opts}


def test_every_alert_is_proved_to_fire():
    assert set(FIRING) == set(ALERTS)


def checked(*arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@promtool
def test_prometheus_takes_the_rules_and_the_example():
    checked("check", "rules", RULES)
    checked("check", "config", FOLDER / "prometheus.yml")


@promtool
def test_each_alert_fires_when_it_should_and_none_when_all_is_well(tmp_path):
    cases = [("nothing", WELL, set())]
    cases += [(alert, WELL | series, {alert}) for alert, series in FIRING.items()]
    tests = [
        {
            "name": name,
            "interval": "1m",
            "input_series": [{"series": series, "values": values} for series, values in given.items()],
            "promql_expr_test": [
                {
                    "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                    "eval_time": "395m",
                    "exp_samples": [{"labels": f'{{alertname="{alert}"}}', "value": 1} for alert in firing],
                }
            ],
        }
        for name, given, firing in cases
    ]
    file = tmp_path / "cases.yml"
    file.write_text(
        yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}), "utf-8"
    )
    checked("test", "rules", file)
