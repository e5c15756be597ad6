"""What is remembered of hosts, and what a worker that comes is told."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.crawl import manners
from monitor.crawl.manners import Manners
from spiders.wire import Rules

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)


def rules(number, text="User-agent: *"):
    return Rules(f"https://h{number}.example", text, NOW)


def test_robots_texts_of_very_many_hosts_are_remembered_and_a_worker_hears_of_the_latest():
    kept, told = [], []
    shared = Manners(1.0, map(rules, range(3000)), kept.append)
    shared.learn(rules(3000))
    shared.join(told.append)
    assert [one.place for one in kept] == ["https://h3000.example"]
    assert shared.rules_of(["h0.example", "h3000.example"]) == (rules(0), rules(3000))
    assert told == [rules(number) for number in range(1001, 3001)]


def test_of_texts_that_take_too_much_memory_the_oldest_are_forgotten(monkeypatch):
    monkeypatch.setattr(manners, "_TEXTS", 100)
    shared = Manners(1.0)
    for number in range(4):
        shared.learn(rules(number, "x" * 40))
    shared.learn(rules(3, "y" * 30))
    assert [bool(shared.rules_of([f"h{number}.example"])) for number in range(4)] == [
        False,
        False,
        True,
        True,
    ]
    shared.learn(rules(4, "z" * 30))
    assert [bool(shared.rules_of([f"h{number}.example"])) for number in range(5)] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_what_is_known_already_is_heard_once():
    kept = []
    shared = Manners(1.0, [rules(1)], kept.append)
    shared.learn(rules(1))
    assert kept == []
