from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.crawl import batches, host, hosts
from spiders.items import Look, Parse, Read

HOSTS = st.sampled_from(["a.example", "b.example:8080", "c.example", "한국.example", "d.example"])


@st.composite
def some_tasks(draw):
    tasks = []
    for n, place in enumerate(draw(st.lists(st.one_of(HOSTS, st.none()), max_size=60))):
        kind = draw(st.sampled_from([Look, Read]))
        tasks.append(Parse(str(n), f"/{n}") if place is None else kind(str(n), f"https://{place}/{n}"))
    return tuple(tasks)


@given(some_tasks(), st.sets(HOSTS), st.integers(1, 12), st.integers(1, 5))
def test_jobs_share_no_host_and_touch_no_busy_one(tasks, busy, size, per_host):
    jobs = batches(tasks, busy, size=size, per_host=per_host)
    owners = Counter(place for job in jobs for place in hosts(job))
    assert all(number == 1 for number in owners.values())
    assert not busy & set(owners)
    assert all(1 <= len(job.tasks) <= size for job in jobs)
    assert len({job.id for job in jobs}) == len(jobs)


def test_a_slow_host_gets_one_task_of_a_job():
    tasks = [
        Read(f"{name}{n}", f"https://{name}.example/{n}") for n in range(3) for name in ("slow", "quick")
    ]
    (job,) = batches(tasks, (), slow={"slow.example"})
    assert [task.id for task in job.tasks] == ["slow0", "quick0", "quick1", "quick2"]


@given(some_tasks(), st.integers(1, 12), st.integers(1, 5))
def test_every_free_host_and_file_gets_a_turn_in_order(tasks, size, per_host):
    chosen = [task for job in batches(tasks, (), size=size, per_host=per_host) for task in job.tasks]
    assert len({task.id for task in chosen}) == len(chosen)
    assert {task.id for task in tasks if isinstance(task, Parse)} <= {task.id for task in chosen}
    for place in {host(task.url) for task in tasks if not isinstance(task, Parse)}:
        of_host = [task for task in tasks if not isinstance(task, Parse) and host(task.url) == place]
        got = [task for task in chosen if not isinstance(task, Parse) and host(task.url) == place]
        assert got == of_host[: min(size, per_host)]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://Example.ORG/a?b", "example.org"),
        ("https://example.org:443/", "example.org"),
        ("http://example.org.:80/", "example.org"),
        ("http://example.org:443/", "example.org:443"),
        ("http://[::1]:8080/", "::1:8080"),
        ("http://user:pass@example.org/", "example.org"),
        ("http://example.org:port/", ""),
        ("no address", ""),
        ("", ""),
    ],
)
def test_a_host_has_one_spelling(url, place):
    assert host(url) == place
