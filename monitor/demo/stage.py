"""The stage of the demonstration: a configuration for the embedded newsroom and inbox, in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from monitor.catalogue import declaration
from monitor.core.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.demo.inbox import Inbox
    from monitor.demo.newsroom import Newsroom

CONFIGURATION = "tumen.yaml"
HISTORY = "tumen.db"
MAILS = "messages"
LOG = "tumen.log"

_HEADER = """\
# The configuration of the last `tumen demo`. Its newsroom and inbox have ended, but every command that only looks
# works with it: tumen alerts list -c {folder}/tumen.yaml
"""


def clear(folder: Path) -> None:
    """Make the folder, and remove what an earlier demonstration left in it; other files stay.

    Raises:
        StorageError: if that is not possible.
    """
    try:
        (folder / MAILS).mkdir(parents=True, exist_ok=True)
        files = [folder / CONFIGURATION, folder / LOG, *folder.glob(f"{HISTORY}*")]
        files += [file for end in ("eml", "json", "html") for file in (folder / MAILS).glob(f"*.{end}")]
        for file in files:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"cannot be used for the demonstration: {error.strerror}",
            where=str(folder),
            remedy="name another folder with --folder",
        ) from None


def configuration(folder: Path, newsroom: Newsroom, inbox: Inbox) -> str:
    """The text of a `tumen.yaml` that watches the newsroom and tells the inbox."""
    settings = {
        "history": HISTORY,
        "packs": ["dprk-russia"],
        "channels": {
            "desk": {"url": inbox.mail_url("desk"), "language": "de", "timezone": "Europe/Berlin"},
            "chat": {"url": inbox.chat_url(), "language": "en", "at_least": "high"},
        },
        "sources": {"shipped": False, "own": [declaration(source) for source in newsroom.sources()]},
        # A minute has to do for what takes a day; on the real web, the defaults are polite.
        "pace": {"fastest": "1s", "slowest": "4s", "failing": "8s"},
        "crawl": {
            "delay": "0.02s",
            "timeout": "5s",
            "deadline": "10s",
            "allow_private": list(newsroom.hosts),
        },
    }
    return _HEADER.format(folder=folder) + yaml.safe_dump(
        settings, allow_unicode=True, sort_keys=False, width=110
    )
