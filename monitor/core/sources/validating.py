"""Is a server believed that says "unchanged"?

Most save both sides nearly all of the traffic. Some are wrong: a cache that never expires, a Last-Modified that is
the day of the deployment. A source of such a server would be silent for ever, and look well.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from spiders.items import Outcome, Validators

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.core.sources.state import SourceState
    from spiders.items import CrawlReport, Entry

CHECK_LOOKS = 50  # "unchanged" so often in a row is put to the test: about once an hour at the fastest pace
CHECK_AFTER = timedelta(hours=24)  # and so is what was not seen whole for this long
_LATE = timedelta(hours=1)  # outlets date an entry up to so long before they list it


def conditions(state: SourceState, now: datetime) -> Validators:
    """What the next look asks with; nothing, if it is to bring everything whatever the server thinks."""
    if state.distrusted_at is not None or state.unchanged >= CHECK_LOOKS:
        return Validators()
    if state.unchanged and (state.whole_at is None or now - state.whole_at >= CHECK_AFTER):
        return Validators()
    return state.validators


def was_wrong(state: SourceState, report: CrawlReport, new: Sequence[Entry]) -> bool:
    """Whether a look that asked for everything shows that "unchanged" was wrong before.

    It brought new entries, and either the validators are still the same, so that the server would have said
    "unchanged" again, or one of them was published long before it said so last.

    Args:
        state: the source before the look.
        report: how the look ended.
        new: the entries that were not known.
    """
    if not new or not state.unchanged or report.outcome is not Outcome.OK:
        return False
    before, now = state.validators, report.validators
    said = (before.etag, now.etag) if before.etag and now.etag else (before.modified, now.modified)
    if said[0] is not None and said[0] == said[1]:
        return True
    at = state.looked_at
    return at is not None and any(one.published is not None and one.published < at - _LATE for one in new)
