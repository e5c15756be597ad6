"""Which tasks go to a worker together: many hosts in one job, and each host in one job only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiders.items import CrawlJob, Parse, Task, host

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def batches(
    tasks: Sequence[Task],
    busy: Collection[str],
    *,
    size: int = 50,
    per_host: int = 10,
    slow: Collection[str] = (),
) -> tuple[CrawlJob, ...]:
    """The jobs that may begin now, tasks in their given order.

    Args:
        tasks: what is due, most urgent first; ids are unique.
        busy: hosts (see `spiders.items.host`) that a job in flight touches; their tasks stay for later.
        size: tasks of one job at most.
        per_host: tasks of one host at most; those beyond stay for later, so that one host with many pages does not
            keep the other hosts of its job waiting.
        slow: hosts that want long rests, so one task of each is enough.

    No two jobs share a host. Files have no host, so any number of them may go anywhere.
    """
    most = min(size, per_host)
    lanes: dict[str, list[Task]] = {}
    for task in tasks:
        # A file is a lane of its own; its key cannot be mistaken for a host.
        key = f"\0{task.id}" if isinstance(task, Parse) else host(task.url)
        if key not in busy:
            lanes.setdefault(key, []).append(task)
    jobs: list[list[Task]] = []
    for key, lane in lanes.items():
        part = lane[: 1 if key in slow else most]
        if not jobs or len(jobs[-1]) + len(part) > size:
            jobs.append([])
        jobs[-1] += part
    return tuple(CrawlJob(f"job-{job[0].id}", tuple(job)) for job in jobs)


def hosts(job: CrawlJob) -> frozenset[str]:
    """The hosts a job touches: busy until it has ended."""
    return frozenset(host(task.url) for task in job.tasks if not isinstance(task, Parse))
