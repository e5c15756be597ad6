"""changedetection.io as its command line starts it: its own fetcher, workers and datastore, a watch for each feed."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

from tests.bench.peers.press import FEED
from tests.bench.peers.running import apart, installed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.peers.newsroom import Newsroom

NAME = "changedetection.io"
LEAST = 3  # seconds between two looks at a page, unless its environment says otherwise
_ENVIRONMENT = {
    "DISABLE_VERSION_CHECK": "true",  # nothing leaves this machine
    "LLM_FEATURES_DISABLED": "true",
    "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
}


def command(room: Newsroom, folder: Path, every: int) -> list[str | Path]:
    """Watches over all feeds that look every so many seconds, and tell `ear` of what has changed."""
    watch = json.dumps(
        {
            "time_between_check_use_default": False,
            "time_between_check": {"seconds": every},
            "notification_urls": [room.ear.replace("http://", "json://") + "/"],
        }
    )
    watches: list[str] = []
    for number, base in enumerate(room.outlets):
        watches += ["-u", base + FEED, f"-u{number}", watch]
    least = str(LEAST if every >= LEAST else 0)
    program = installed(NAME) / "bin" / NAME
    place = ["-C", "-d", str(folder / "data"), "-h", "127.0.0.1", "-p", str(_free_port()), "-l", "ERROR"]
    return [*apart(folder, **_ENVIRONMENT, MINIMUM_SECONDS_RECHECK_TIME=least), program, *place, *watches]


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
