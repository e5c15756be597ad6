"""The tables of what was removed, and of what must not come back."""

from __future__ import annotations

PRUNINGS = (
    """CREATE TABLE prunings (  -- what was removed, a row for each class and run
    id INTEGER PRIMARY KEY,
    begun_at TEXT NOT NULL,                 -- when the run began
    ended_at TEXT NOT NULL,                 -- when the last of it was removed
    class TEXT NOT NULL CHECK (class IN ('unmatched', 'matched', 'alerts', 'captures', 'looks', 'entries')),
    why TEXT NOT NULL CHECK (why IN ('age', 'size')),  -- kept for long enough, or the file was too large
    before TEXT NOT NULL,                   -- what was older than this could go
    removed INTEGER NOT NULL DEFAULT 0,     -- how many: articles, alerts, looks …
    bytes INTEGER NOT NULL DEFAULT 0,       -- by which the file is emptier
    UNIQUE (begun_at, class, why)
    ) STRICT""",
    """CREATE TABLE tombstones (  -- canonical addresses of what was pruned, where no entry has the address itself
    url TEXT PRIMARY KEY NOT NULL,          -- what is read there is not taken in again
    pruning INTEGER NOT NULL REFERENCES prunings (id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX tombstones_pruning ON tombstones (pruning)",
)
