"""The tables of what is told, to whom, and what became of it; and the views for people."""

from __future__ import annotations

ALERTS = (
    """CREATE TABLE alerts (  -- what is told: a new story, or what is new in a known one
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('new', 'update')),
    reason TEXT NOT NULL,                   -- why it is told
    story INTEGER NOT NULL REFERENCES stories (id),
    article INTEGER NOT NULL REFERENCES articles (id),
    revision INTEGER NOT NULL REFERENCES revisions (id),  -- the text it is about
    entry INTEGER NOT NULL REFERENCES entries (id),  -- the find that led to it
    pack TEXT NOT NULL,
    severity TEXT NOT NULL,                 -- the highest of its rules
    late INTEGER NOT NULL DEFAULT 0,        -- 1: found long after it was published
    created_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX alerts_story ON alerts (story)",
    "CREATE INDEX alerts_article ON alerts (article)",
    "CREATE INDEX alerts_revision ON alerts (revision)",
    "CREATE INDEX alerts_entry ON alerts (entry)",
    "CREATE INDEX alerts_created ON alerts (created_at)",
    """CREATE TABLE novelties (  -- what is new in an alert
    id INTEGER PRIMARY KEY,
    alert INTEGER NOT NULL REFERENCES alerts (id),
    fact INTEGER NOT NULL REFERENCES facts (id),
    before REAL,                            -- the figure that was told last
    kind TEXT NOT NULL DEFAULT 'figure',    -- figure, stance, official, deed, place, actor, subject or changed
    instead TEXT NOT NULL DEFAULT ''        -- what stood in its place when the page was told
    ) STRICT""",
    "CREATE INDEX novelties_alert ON novelties (alert)",
    "CREATE INDEX novelties_fact ON novelties (fact)",
)

DELIVERIES = (
    """CREATE TABLE notices (  -- what the keeper of the service was told about it
    id INTEGER PRIMARY KEY,
    key TEXT UNIQUE,                        -- of what is said once: the canary of a day
    kind TEXT NOT NULL,                     -- source_failing, channel_parked, canary …
    subject TEXT NOT NULL,                  -- the source, channel or pack; empty if all of them
    text TEXT NOT NULL,                     -- one sentence
    details TEXT NOT NULL,                  -- JSON list of more sentences
    severity TEXT NOT NULL,
    created_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE conditions (  -- what is wrong now, and was said
    subject TEXT PRIMARY KEY NOT NULL,      -- what it is about: a source, the network …
    text TEXT NOT NULL,                     -- what was said
    said_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE silences (  -- what somebody does not want to hear for a while; what is empty covers all
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,                    -- who wants it
    reason TEXT NOT NULL,                   -- why
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,                     -- moved to now when somebody ends it earlier
    channel TEXT NOT NULL DEFAULT '',
    pack TEXT NOT NULL DEFAULT '',
    rule TEXT NOT NULL DEFAULT '',
    story INTEGER REFERENCES stories (id),
    source TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX silences_story ON silences (story) WHERE story IS NOT NULL",
    """CREATE TABLE recipients (  -- how it stands between us and those who receive
    channel TEXT NOT NULL,                  -- its name in the configuration
    recipient TEXT NOT NULL,                -- digest of the address: no secret is stored
    failures INTEGER NOT NULL DEFAULT 0,    -- attempts that failed in a row
    blocked_until TEXT,                     -- before this it takes nothing
    parked_since TEXT,                      -- since when it is only probed
    last_error TEXT NOT NULL DEFAULT '',
    last_sent_at TEXT,                      -- when it took a message last
    PRIMARY KEY (channel, recipient)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE deliveries (  -- the ledger: one alert or notice on its way to one receiver
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert INTEGER REFERENCES alerts (id),
    notice INTEGER REFERENCES notices (id),
    channel TEXT NOT NULL,                  -- its name in the configuration
    recipient TEXT NOT NULL,                -- digest of the address: no secret is stored
    state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'sent', 'dead', 'expired', 'suppressed')),
    attempts INTEGER NOT NULL DEFAULT 0,    -- begun, the present one included
    not_before TEXT NOT NULL,               -- when the next attempt may start
    held TEXT NOT NULL DEFAULT '',          -- why it waits, or waited last, although it could be sent: quiet_hours …
    created_at TEXT NOT NULL,
    expires TEXT NOT NULL,                  -- when it stops being worth sending
    claimed_at TEXT,                        -- when its last attempt began
    lease_until TEXT,                       -- while claimed: when the attempt must have ended
    sent_at TEXT,
    bundle TEXT NOT NULL DEFAULT '',        -- key of the message; what left together has the same
    occasion TEXT NOT NULL DEFAULT '',      -- why it left alone or with others: few, many, held …
    plain INTEGER NOT NULL DEFAULT 0,       -- 1: refused in its full form, so it leaves as short plain text
    last_error TEXT NOT NULL DEFAULT '',
    unknown INTEGER NOT NULL DEFAULT 0,     -- 1: an attempt ended without an answer, it may have arrived
    silence INTEGER REFERENCES silences (id),  -- the one that suppressed it, also if it was replayed since
    told_lost TEXT NOT NULL DEFAULT '',     -- key of the message that said it did not arrive
    CHECK ((alert IS NULL) != (notice IS NULL)),
    UNIQUE (alert, channel, recipient),     -- nobody gets an alert twice
    UNIQUE (notice, channel, recipient)
    ) STRICT""",
    """CREATE INDEX deliveries_open ON deliveries (channel, recipient, created_at)
    WHERE state IN ('pending', 'claimed')""",
    """CREATE INDEX deliveries_lost ON deliveries (channel, recipient)
    WHERE state IN ('dead', 'expired') AND told_lost = ''""",
    "CREATE INDEX deliveries_sent ON deliveries (channel, recipient, sent_at) WHERE state = 'sent'",
    "CREATE INDEX deliveries_state ON deliveries (state, alert)",
    "CREATE INDEX deliveries_undelivered ON deliveries (alert) WHERE state != 'sent' AND alert IS NOT NULL",
    "CREATE INDEX deliveries_bundle ON deliveries (bundle) WHERE bundle != ''",
    "CREATE INDEX deliveries_silence ON deliveries (silence) WHERE silence IS NOT NULL",
    """CREATE TABLE attempts (  -- every attempt to send a delivery, once it has ended
    id INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL REFERENCES deliveries (id),
    bundle TEXT NOT NULL,                   -- key of the message
    begun_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,                 -- of one that was cut off: when that was found
    outcome TEXT NOT NULL,                  -- sent, or the reason: smtp_451, http_404, unknown, cut_off …
    error TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX attempts_delivery ON attempts (delivery)",
)

FEEDBACK = (
    """CREATE TABLE feedback (  -- what readers said about decisions: the rule laboratory learns from it
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,                       -- when it was said
    article INTEGER NOT NULL REFERENCES articles (id),
    revision INTEGER NOT NULL REFERENCES revisions (id),  -- the text it is about
    alert INTEGER REFERENCES alerts (id),   -- the message it answers, NULL if none
    pack TEXT NOT NULL,
    rule TEXT,                              -- NULL: it is about the whole topic
    verdict TEXT NOT NULL CHECK (verdict IN ('irrelevant', 'missed')),
    note TEXT NOT NULL DEFAULT ''           -- the reader's own words
    ) STRICT""",
    "CREATE UNIQUE INDEX feedback_about ON feedback (revision, pack, ifnull(rule, ''))",
    "CREATE INDEX feedback_article ON feedback (article)",
    "CREATE INDEX feedback_alert ON feedback (alert) WHERE alert IS NOT NULL",
    "CREATE INDEX feedback_at ON feedback (at)",
)

# A page of a view is cheap as long as nothing joins or groups what the page does not show.
VIEWS = (
    """CREATE VIEW alerts_readable AS  -- alerts as a person reads them, newest first
    SELECT alerts.id, alerts.created_at, alerts.kind, alerts.severity, stories.title AS story,
        revisions.title AS title, sources.title AS outlet, articles.language, articles.published, articles.url,
        (SELECT group_concat(rule, ', ') FROM matches WHERE matches.revision = alerts.revision) AS rules,
        (SELECT group_concat(facts.text, ' · ') FROM novelties JOIN facts ON facts.id = novelties.fact
            WHERE novelties.alert = alerts.id) AS new,
        alerts.reason, alerts.late,
        (SELECT count(*) FROM deliveries WHERE alert = alerts.id AND state = 'sent') AS sent,
        (SELECT count(*) FROM deliveries WHERE alert = alerts.id AND state IN ('pending', 'claimed')) AS waiting,
        (SELECT count(*) FROM deliveries WHERE alert = alerts.id AND state IN ('dead', 'expired')) AS undelivered,
        (SELECT count(*) FROM deliveries WHERE alert = alerts.id AND state = 'suppressed') AS suppressed
    FROM alerts
    JOIN stories ON stories.id = alerts.story
    JOIN articles ON articles.id = alerts.article
    JOIN revisions ON revisions.id = alerts.revision
    JOIN sources ON sources.name = articles.source
    ORDER BY alerts.id DESC""",
    """CREATE VIEW stories_readable AS  -- developments with their spread, the latest first
    SELECT stories.id, stories.title, stories.pack, stories.opened_at, stories.last_at,
        (SELECT count(*) FROM articles WHERE articles.story = stories.id) AS articles,
        (SELECT count(DISTINCT sources.title) FROM articles JOIN sources ON sources.name = articles.source
            WHERE articles.story = stories.id) AS outlets,
        (SELECT count(DISTINCT language) FROM articles WHERE articles.story = stories.id) AS languages,
        (SELECT group_concat(DISTINCT language) FROM articles WHERE articles.story = stories.id) AS in_languages,
        (SELECT count(*) FROM alerts WHERE alerts.story = stories.id) AS alerts
    FROM stories
    WHERE stories.merged_into IS NULL
    ORDER BY stories.last_at DESC""",
)
