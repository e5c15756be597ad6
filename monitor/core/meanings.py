"""What the words of the history mean, said to a person. docs/reasons.md has the same."""

from __future__ import annotations

from monitor.core.models import EntryState, Reason

MEANS = {
    Reason.NEW_STORY: "told: the first report of a development that this channel hears of",
    Reason.NEW_FACTS: "told as an update: the development is known, and something new is stated",
    Reason.CHANGED: "told as an update: a page that was told has another title or other figures now",
    Reason.REPEAT: "kept quiet: the development is known, and nothing new is stated",
    Reason.SAME_TEXT: "kept quiet: a copy of a text that was already taken in",
    Reason.NO_RULE_MATCHED: "kept quiet: no rule of any pack fired",
    Reason.BASELINE: (
        "kept quiet: it was already there when its source was first looked at, and is older than first_look"
    ),
    Reason.NO_CHANNEL: "kept quiet: it is on topic, but no channel wants its rules, tags or severity",
    Reason.PRUNED: "kept quiet: it was read before, and has been pruned since",
    Reason.SKIMMED: "kept quiet: title and teaser name nothing of any pack, so its page was not fetched",
}
"""The reasons in words, as docs/reasons.md has them."""

STATES = {
    EntryState.TO_READ: "found, waits to be read",
    EntryState.READ: "read",
    EntryState.FAILED: "every attempt to read it failed",
    EntryState.SKIPPED: "never fetched",
}
"""What became of an entry, in words."""
