"""Let the service live through many virtual hours, and see whether it stays as it was.

The service, its crawl worker with parsers and extraction, its history and its mails are real; a mail server takes all
of them. In place of the network, the worker is answered by a press that publishes every hour and fails now and then;
the clock leaps to the next hour when all that was due is done; and nothing waits for the disk, which is not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.store.database import open_reader, rows
from tests.mailbox import open_inbox
from tests.soak import vitals
from tests.soak.press import Press, write_pack
from tests.soak.vitals import Vitals
from tests.system.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATIENT = (sys.executable, "-P", str(Path(__file__).with_name("patient.py")))
_SAID = 10  # how often the progress is told
# Each cycle is an hour, in which every paper is due.
_PACE = {"fastest": "30m", "slowest": "40m", "failing": "50m"}
_OPEN = """SELECT (SELECT count(*) FROM entries WHERE state = 'to_read') AS unread,
    (SELECT count(*) FROM deliveries WHERE state NOT IN ('sent', 'expired')) AS unsent"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--cycles", type=int, default=1000, help="virtual hours")
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    given = parser.parse_args()
    press = Press(given.sources, given.cycles)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # crawl workers share what is compiled
    with tempfile.TemporaryDirectory(prefix="tumen-soak-") as folder, open_inbox() as inbox:
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(folder) / "compiled"))
        began = time.monotonic()
        lived = list(live(press, Path(folder), inbox.port))
        seconds = time.monotonic() - began
        faults = [*vitals.faults(lived), *told(press, [letter.mail["subject"] for letter in inbox.letters])]
        faults += twice([letter.mail["message-id"] for letter in inbox.letters])
        faults += left(Path(folder))
    report(press, lived, faults, seconds, as_json=given.json)
    return 1 if faults else 0


def live(press: Press, folder: Path, port: int) -> Iterator[Vitals]:
    """The service from its start to its end: what it held after each cycle. Raises RuntimeError if it fails."""
    press.save(folder)
    desk = Desk(folder)
    desk.configure(
        press.declarations(),
        f"mailto://127.0.0.1:{port}/?from=tumen@example.org&to=anna@example.net",
        packs=[str(write_pack(folder))],
        pace=_PACE,
        crawl={"delay": "0.01s", "contact": "desk@example.org"},
        captures={"enabled": False},
    )
    log = folder / "log.txt"
    with (
        log.open("wb") as said,
        subprocess.Popen(
            [*PATIENT, str(desk.config)], stdout=subprocess.PIPE, stderr=said, text=True
        ) as patient,
    ):
        assert patient.stdout
        for line in patient.stdout:
            found = Vitals(**json.loads(line))
            yield found
            if (found.cycle + 1) * _SAID % press.cycles < _SAID:
                print(f"{found.cycle + 1} of {press.cycles} cycles", file=sys.stderr, flush=True)
    if patient.returncode:
        raise RuntimeError(f"the service ended with {patient.returncode}:\n{log.read_text()[-3000:]}")


def told(press: Press, subjects: Sequence[str]) -> Iterator[str]:
    """What is wrong with the mails that came: everything on topic is told once."""
    came = Counter(_town(subject.rpartition(" — ")[2]) for subject in subjects)
    for town, times in Counter(_town(piece.title) for piece in press.on_topic()).items():
        if came[town] != times:
            yield f"what happened in {town} was told {came[town]} times in place of {times}"


def _town(title: str) -> str:
    """What the title of an article has to itself."""
    return title.partition(":")[0]


def twice(ids: Sequence[str]) -> Iterator[str]:
    """Mails that came more than once."""
    yield from (f"mail {name} came {times} times" for name, times in Counter(ids).items() if times > 1)


def left(folder: Path) -> Iterator[str]:
    """What the history says is not done."""
    with closing(open_reader(folder / "tumen.db")) as db:
        (found,) = rows(db, _OPEN)
    yield from (f"{count} are {what} at the end" for what, count in found.items() if count)


def report(
    press: Press, lived: Sequence[Vitals], faults: Sequence[str], seconds: float, *, as_json: bool
) -> None:
    """Print what was seen, and what is wrong with it."""
    settled = vitals.settled(lived)
    growth = vitals.growth(settled)
    if as_json:
        found = {"growth": growth, "seconds": seconds, "told": len(press.on_topic()), "faults": faults}
        print(json.dumps({**found, "end": asdict(lived[-1])}))
        return
    print(f"{press.cycles} cycles of {press.sources} sources, {lived[-1].looks} looks, {seconds:.0f} s")
    print(
        f"memory       {settled[0].resident:.1f} to {settled[-1].resident:.1f} MiB, {growth:+.2f} per 1,000 cycles"
    )
    for name in ("descriptors", "threads", "children"):
        held = [getattr(one, name) for one in settled]
        print(f"{name:12} {min(held)} to {max(held)}")
    print(f"log          {max(one.log for one in lived) / 2**20:.1f} MiB at most")
    looks, processor = settled[-1].looks - settled[0].looks, settled[-1].processor - settled[0].processor
    print(
        f"processor    {processor / looks * 1000:.2f} ms for a look and what comes of it, the worker's share apart"
    )
    print(f"on topic     {len(press.on_topic())} articles")
    print("all promises kept" if not faults else f"{len(faults)} promises broken")
    for fault in faults[:50]:
        print(fault)


if __name__ == "__main__":
    sys.exit(main())
