PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA application_id = 1416981870;
PRAGMA user_version = 1;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TABLE sources (  -- what is watched, and how it is doing
    name TEXT PRIMARY KEY NOT NULL,         -- its key in the configuration
    title TEXT NOT NULL,                    -- the outlet as readers know it
    url TEXT NOT NULL,                      -- where it is looked at
    kind TEXT NOT NULL,                     -- feed, sitemap or section
    language TEXT,                          -- of its articles (ISO 639-1), NULL if mixed
    country TEXT,                           -- of the outlet (ISO 3166, or EU, UN, INT)
    tags TEXT NOT NULL DEFAULT '[]',        -- JSON list of words to choose sources by
    weight INTEGER NOT NULL DEFAULT 3,      -- 1-5, how likely it is to break the topic
    links TEXT,                             -- which links of a section are articles
    enabled INTEGER NOT NULL DEFAULT 1,     -- 0: shipped, but watched only if chosen by name
    unverified INTEGER NOT NULL DEFAULT 0,  -- 1: it is dropped if it never works
    note TEXT NOT NULL DEFAULT '',          -- why it needs care
    times TEXT NOT NULL DEFAULT '[]',       -- JSON list of times of the day at which it is looked at; empty: any
    quiet TEXT NOT NULL DEFAULT '[]',       -- JSON list of two: from when to when it is not looked at
    timezone TEXT NOT NULL DEFAULT 'UTC',   -- in which these times are meant
    added_at TEXT NOT NULL,                 -- when it was first declared
    retired_at TEXT,                        -- when it left the configuration; its articles stay
    next_due TEXT NOT NULL,                 -- when it is looked at again
    rhythm BLOB,                            -- how often it has something new by hour of the week (store/habits.py)
    ttl REAL,                               -- seconds for which its feed says that it stays as it is
    wait_until TEXT,                        -- its server asked not to be called earlier
    etag TEXT,                              -- what its server gave us to ask "has it changed?"
    modified TEXT,                          -- the same, as Last-Modified
    baseline_at TEXT,                       -- its first good look: what it held then is its baseline
    looked_at TEXT,                         -- its last look
    last_ok TEXT,                           -- its last look that ended ok or unchanged
    failures INTEGER NOT NULL DEFAULT 0,    -- looks that failed in a row
    failing_since TEXT,                     -- the first of them; begins anew when the network comes back
    last_reason TEXT NOT NULL DEFAULT '',   -- how the last look ended, empty when ok
    last_detail TEXT NOT NULL DEFAULT '',   -- one sentence on it
    entries_seen INTEGER NOT NULL DEFAULT 0, -- entries it has ever given
    condition TEXT NOT NULL DEFAULT 'new',  -- how it is: ok, failing, silent, empty, shape_changed …
    condition_text TEXT NOT NULL DEFAULT '', -- why, as a clause that goes on after its name
    condition_since TEXT,                   -- since when it is known to be so
    judged INTEGER NOT NULL DEFAULT 0,      -- 0: since it was judged, something new became known of it
    dropped_at TEXT,                        -- when it was given up, as it never worked; NULL: it is looked at
    unchanged INTEGER NOT NULL DEFAULT 0,   -- looks in a row that its server answered with "unchanged"
    whole_at TEXT,                          -- its last look that brought everything
    distrusted_at TEXT                      -- when "unchanged" was found to be wrong: it is not asked for any more
    ) STRICT;
CREATE INDEX sources_due ON sources (next_due) WHERE retired_at IS NULL AND dropped_at IS NULL;
CREATE INDEX sources_unjudged ON sources (name) WHERE judged = 0 AND retired_at IS NULL;
CREATE TABLE looks (  -- every look at a source
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (name),
    looked_at TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'unchanged', 'failed')),
    reason TEXT NOT NULL DEFAULT '',        -- one word, empty when ok
    detail TEXT NOT NULL DEFAULT '',        -- one sentence for a person
    status INTEGER,                         -- of HTTP, if there was an answer
    seconds REAL NOT NULL,                  -- from request to report
    size INTEGER NOT NULL,                  -- bytes received
    entries INTEGER NOT NULL,               -- entries it listed
    new INTEGER NOT NULL,                   -- of these, not known from any source before
    titled INTEGER NOT NULL,                -- of the listed entries, those with a title
    dated INTEGER NOT NULL,                 -- those with a date
    teased INTEGER NOT NULL,                -- those with a teaser
    ahead INTEGER NOT NULL,                 -- those dated later than the look
    moments INTEGER NOT NULL,               -- how many different dates they had
    landed TEXT NOT NULL DEFAULT ''         -- the host of another site that it was redirected to
    ) STRICT;
CREATE INDEX looks_source ON looks (source, looked_at);
CREATE INDEX looks_listed ON looks (source, looked_at) WHERE outcome = 'ok';
CREATE INDEX looks_time ON looks (looked_at);
CREATE TABLE robots (  -- what the robots.txt of hosts said, for as long as it counts
    place TEXT PRIMARY KEY NOT NULL,        -- scheme, host and port
    text TEXT NOT NULL,                     -- its text, empty if there is none
    read_at TEXT NOT NULL
    ) STRICT;
CREATE TABLE prunings (  -- what was removed, a row for each class and run
    id INTEGER PRIMARY KEY,
    begun_at TEXT NOT NULL,                 -- when the run began
    ended_at TEXT NOT NULL,                 -- when the last of it was removed
    class TEXT NOT NULL CHECK (class IN ('unmatched', 'matched', 'alerts', 'captures', 'looks', 'entries')),
    why TEXT NOT NULL CHECK (why IN ('age', 'size')),  -- kept for long enough, or the file was too large
    before TEXT NOT NULL,                   -- what was older than this could go
    removed INTEGER NOT NULL DEFAULT 0,     -- how many: articles, alerts, looks …
    bytes INTEGER NOT NULL DEFAULT 0,       -- by which the file is emptier
    UNIQUE (begun_at, class, why)
    ) STRICT;
CREATE TABLE tombstones (  -- canonical addresses of what was pruned, where no entry has the address itself
    url TEXT PRIMARY KEY NOT NULL,          -- what is read there is not taken in again
    pruning INTEGER NOT NULL REFERENCES prunings (id)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX tombstones_pruning ON tombstones (pruning);
CREATE TABLE stories (  -- developments: articles of any language and outlet about the same thing
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,                    -- of its first article
    pack TEXT NOT NULL,                     -- the topic it belongs to
    opened_at TEXT NOT NULL,                -- when its first article was read
    last_at TEXT NOT NULL,                  -- when its latest article was read
    merged_into INTEGER REFERENCES stories (id)  -- where a person put its articles; NULL: it stands for itself
    ) STRICT;
CREATE INDEX stories_last ON stories (last_at) WHERE merged_into IS NULL;
CREATE INDEX stories_merged ON stories (merged_into) WHERE merged_into IS NOT NULL;
CREATE TABLE story_edits (  -- articles that were moved between stories, by people or by Tumen
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    edit TEXT NOT NULL CHECK (edit IN ('merge', 'split', 'join')),  -- join: by Tumen
    story INTEGER NOT NULL REFERENCES stories (id),       -- where the articles were
    into_story INTEGER NOT NULL REFERENCES stories (id),  -- where they are since
    articles TEXT NOT NULL,                 -- JSON list of their keys, ascending
    note TEXT NOT NULL DEFAULT ''           -- why, in the person's own words; of a join, what they share
    ) STRICT;
CREATE INDEX story_edits_story ON story_edits (story);
CREATE INDEX story_edits_into ON story_edits (into_story);
CREATE TABLE articles (  -- pages that were read
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL UNIQUE,               -- canonical address
    source TEXT NOT NULL REFERENCES sources (name),  -- the one that led to it
    title TEXT NOT NULL,                    -- of the latest revision
    language TEXT,                          -- ISO 639-1
    published TEXT,                         -- as the page says
    day_only INTEGER NOT NULL DEFAULT 0,    -- 1: the page named a day without a time
    author TEXT,
    read_at TEXT NOT NULL,                  -- when it was first read
    changed_at TEXT NOT NULL,               -- when its latest revision was read
    reason TEXT NOT NULL,                   -- why the latest revision told or did not
    story INTEGER REFERENCES stories (id),  -- NULL if it is not on topic
    fetched TEXT,                           -- where its page was fetched; NULL: its text came from elsewhere
    host TEXT NOT NULL DEFAULT '',          -- of that address
    etag TEXT,                              -- what its server gave us to ask "has it changed?"
    modified TEXT,                          -- the same, as Last-Modified
    visit_at TEXT,                          -- when the page is looked at again; NULL: not any more
    missing INTEGER NOT NULL DEFAULT 0,     -- visits in a row that did not find it
    gone_at TEXT                            -- since when the page is known to be gone; NULL: it was there
    ) STRICT;
CREATE INDEX articles_visit ON articles (visit_at) WHERE visit_at IS NOT NULL;
CREATE TABLE visits (  -- every look at a page that was read before
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (id),
    host TEXT NOT NULL,                     -- that was asked
    visited_at TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'unchanged', 'failed')),
    revised INTEGER NOT NULL,               -- 1: it said something else
    reason TEXT NOT NULL DEFAULT '',        -- one word, empty when ok
    status INTEGER,                         -- of HTTP, if there was an answer
    size INTEGER NOT NULL                   -- bytes received
    ) STRICT;
CREATE INDEX visits_article ON visits (article);
CREATE INDEX visits_host ON visits (host, visited_at);
CREATE INDEX articles_source ON articles (source, read_at);
CREATE INDEX articles_story ON articles (story) WHERE story IS NOT NULL;
CREATE INDEX articles_read ON articles (read_at);
CREATE INDEX articles_on_topic ON articles (read_at, language, story) WHERE story IS NOT NULL;
CREATE TABLE revisions (  -- versions of an article's title and text
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (id),
    number INTEGER NOT NULL,                -- 1 for the first
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    content_hash TEXT NOT NULL,             -- SHA-256 of title and text, hexadecimal
    chain TEXT NOT NULL DEFAULT '',         -- SHA-256 of this version and the chain of the one before, hexadecimal
    read_at TEXT NOT NULL,
    reason TEXT NOT NULL,                   -- why it told or did not
    UNIQUE (article, number)
    ) STRICT;
CREATE INDEX revisions_hash ON revisions (content_hash);
CREATE INDEX revisions_read ON revisions (read_at);
CREATE INDEX revisions_telling ON revisions (read_at)
    WHERE reason IN ('new_story', 'new_facts', 'changed', 'no_channel');
CREATE TABLE placements (  -- why a revision on topic is in its story, and by what others find to it
    revision INTEGER PRIMARY KEY REFERENCES revisions (id),
    pack TEXT NOT NULL,
    version TEXT NOT NULL,                  -- of the pack that read it
    likeness REAL NOT NULL,                 -- how alike it was to its story, from 0 to 1; 0 opened it
    shared TEXT NOT NULL,                   -- JSON list of what they have in common, the most telling first
    is_roundup INTEGER NOT NULL DEFAULT 0,  -- 1: it speaks of several developments, nothing joins it
    features TEXT NOT NULL,                 -- JSON object of what it states, with weights
    shingles BLOB NOT NULL                  -- a sample of its text, to tell copies: CRC-32 of some of its shingles
    ) STRICT;
CREATE TABLE matches (  -- revision × rule
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL REFERENCES revisions (id),
    pack TEXT NOT NULL,
    version TEXT NOT NULL,                  -- of the pack: begin of the SHA-256 of its files
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,                 -- low, normal, high or urgent
    score REAL NOT NULL,
    UNIQUE (revision, pack, rule)
    ) STRICT;
CREATE INDEX matches_rule ON matches (pack, rule);
CREATE TABLE evidence (  -- the words that a match relied on
    id INTEGER PRIMARY KEY,
    "match" INTEGER NOT NULL REFERENCES matches (id),
    field TEXT NOT NULL CHECK (field IN ('title', 'body')),
    start INTEGER NOT NULL,                 -- characters from the begin of the title or text
    "end" INTEGER NOT NULL,                 -- the first character after it
    text TEXT NOT NULL,                     -- the words themselves
    concept TEXT NOT NULL                   -- what they name
    ) STRICT;
CREATE INDEX evidence_match ON evidence ("match");
CREATE TABLE facts (  -- what a revision states
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL REFERENCES revisions (id),
    kind TEXT NOT NULL,                     -- figure, place, actor, deed, stance, subject, date or title
    concept TEXT NOT NULL,                  -- the unit of a figure, else the thing itself; empty for a date
    value REAL,                             -- of a figure; of a range its lower end
    most REAL,                              -- of a range its upper end
    bound TEXT NOT NULL DEFAULT 'exact',    -- exact, about, at_least, more_than, up_to or less_than
    first_day TEXT,                         -- of a date: the day, or the first of several
    last_day TEXT,                          -- of a date: the last day
    field TEXT NOT NULL CHECK (field IN ('title', 'body')),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,                     -- the words that state it
    words_concept TEXT NOT NULL,            -- what these words name
    stated_by TEXT NOT NULL DEFAULT ''      -- the actor who says so, empty if none is named
    ) STRICT;
CREATE INDEX facts_revision ON facts (revision);
CREATE INDEX facts_concept ON facts (concept, value);
CREATE TABLE captures (  -- pages on topic as they were fetched: web archives (WARC) in files of their own
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (id),
    revision INTEGER NOT NULL UNIQUE REFERENCES revisions (id),  -- what was read of it
    url TEXT NOT NULL,                      -- that answered, after all redirects
    fetched_at TEXT NOT NULL,               -- when it was asked for
    file TEXT UNIQUE,                       -- name of the file; NULL: it could not be kept
    size INTEGER NOT NULL,                  -- bytes of the file
    sha256 TEXT NOT NULL,                   -- of the file, hexadecimal
    payload TEXT NOT NULL,                  -- SHA-256 of the page's body as received, hexadecimal
    fault TEXT NOT NULL DEFAULT '',         -- one word why it could not be kept
    detail TEXT NOT NULL DEFAULT '',        -- one sentence about that
    CHECK ((file IS NULL) = (fault <> ''))
    ) STRICT;
CREATE INDEX captures_article ON captures (article);
CREATE TABLE entries (  -- addresses of articles that sources listed, and what became of them
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,                     -- of the address; one job at a time reads a host
    source TEXT NOT NULL REFERENCES sources (name),  -- the one that listed it first
    title TEXT NOT NULL DEFAULT '',         -- as listed
    summary TEXT NOT NULL DEFAULT '',       -- as listed
    language TEXT,                          -- as listed
    published TEXT,                         -- as listed
    found_at TEXT NOT NULL,                 -- when we first saw it
    first_look INTEGER NOT NULL DEFAULT 0,  -- 1: it was there when its source was first looked at
    state TEXT NOT NULL CHECK (state IN ('to_read', 'read', 'failed', 'skipped')),
    reason TEXT NOT NULL DEFAULT '',        -- why it told or did not, was skipped, or could not be read
    detail TEXT NOT NULL DEFAULT '',        -- one sentence on the last failure
    attempts INTEGER NOT NULL DEFAULT 0,    -- failed attempts to read it
    not_before TEXT,                        -- when the next attempt may start
    ended_at TEXT,                          -- when it was read, skipped or given up
    article INTEGER REFERENCES articles (id),  -- what was read there; NULL: nothing, or it was pruned
    pruning INTEGER REFERENCES prunings (id)   -- what removed it: the address stays, so that it never returns as new
    ) STRICT;
CREATE INDEX entries_to_read ON entries (min(ifnull(published, found_at), found_at), id)
    WHERE state = 'to_read';
CREATE INDEX entries_state ON entries (state);
CREATE INDEX entries_source ON entries (source, found_at);
CREATE INDEX entries_article ON entries (article) WHERE article IS NOT NULL;
CREATE INDEX entries_pruning ON entries (pruning) WHERE pruning IS NOT NULL;
CREATE TABLE entry_sources (  -- which sources listed an entry
    entry INTEGER NOT NULL REFERENCES entries (id),
    source TEXT NOT NULL REFERENCES sources (name),
    found_at TEXT NOT NULL,                 -- when this source first listed it
    PRIMARY KEY (entry, source)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX entry_sources_source ON entry_sources (source, found_at);
CREATE TABLE gaps (  -- looks that listed nothing known: what came and went before may have been missed
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (name),
    since TEXT NOT NULL,                    -- the last look before it that ended well
    at TEXT NOT NULL,                       -- the look that showed it
    page TEXT,                              -- of the source's archive, to be searched next; NULL: searched
    pages INTEGER NOT NULL DEFAULT 0,       -- that were searched
    found INTEGER NOT NULL DEFAULT 0,       -- entries they brought
    closed INTEGER NOT NULL DEFAULT 0       -- 1: the search came back to what was known
    ) STRICT;
CREATE INDEX gaps_source ON gaps (source, at);
CREATE INDEX gaps_page ON gaps (at) WHERE page IS NOT NULL;
CREATE TABLE alerts (  -- what is told: a new story, or what is new in a known one
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
    ) STRICT;
CREATE INDEX alerts_story ON alerts (story);
CREATE INDEX alerts_article ON alerts (article);
CREATE INDEX alerts_revision ON alerts (revision);
CREATE INDEX alerts_entry ON alerts (entry);
CREATE INDEX alerts_created ON alerts (created_at);
CREATE TABLE novelties (  -- what is new in an alert
    id INTEGER PRIMARY KEY,
    alert INTEGER NOT NULL REFERENCES alerts (id),
    fact INTEGER NOT NULL REFERENCES facts (id),
    before REAL,                            -- the figure that was told last
    kind TEXT NOT NULL DEFAULT 'figure',    -- figure, stance, official, deed, place, actor, subject or changed
    instead TEXT NOT NULL DEFAULT ''        -- what stood in its place when the page was told
    ) STRICT;
CREATE INDEX novelties_alert ON novelties (alert);
CREATE INDEX novelties_fact ON novelties (fact);
CREATE TABLE notices (  -- what the keeper of the service was told about it
    id INTEGER PRIMARY KEY,
    key TEXT UNIQUE,                        -- of what is said once: the canary of a day
    kind TEXT NOT NULL,                     -- source_failing, channel_parked, canary …
    subject TEXT NOT NULL,                  -- the source, channel or pack; empty if all of them
    text TEXT NOT NULL,                     -- one sentence
    details TEXT NOT NULL,                  -- JSON list of more sentences
    severity TEXT NOT NULL,
    created_at TEXT NOT NULL
    ) STRICT;
CREATE TABLE conditions (  -- what is wrong now, and was said
    subject TEXT PRIMARY KEY NOT NULL,      -- what it is about: a source, the network …
    text TEXT NOT NULL,                     -- what was said
    said_at TEXT NOT NULL
    ) STRICT;
CREATE TABLE silences (  -- what somebody does not want to hear for a while; what is empty covers all
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
    ) STRICT;
CREATE INDEX silences_story ON silences (story) WHERE story IS NOT NULL;
CREATE TABLE recipients (  -- how it stands between us and those who receive
    channel TEXT NOT NULL,                  -- its name in the configuration
    recipient TEXT NOT NULL,                -- digest of the address: no secret is stored
    failures INTEGER NOT NULL DEFAULT 0,    -- attempts that failed in a row
    blocked_until TEXT,                     -- before this it takes nothing
    parked_since TEXT,                      -- since when it is only probed
    last_error TEXT NOT NULL DEFAULT '',
    last_sent_at TEXT,                      -- when it took a message last
    PRIMARY KEY (channel, recipient)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (  -- the ledger: one alert or notice on its way to one receiver
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
    ) STRICT;
CREATE INDEX deliveries_open ON deliveries (channel, recipient, created_at)
    WHERE state IN ('pending', 'claimed');
CREATE INDEX deliveries_lost ON deliveries (channel, recipient)
    WHERE state IN ('dead', 'expired') AND told_lost = '';
CREATE INDEX deliveries_sent ON deliveries (channel, recipient, sent_at) WHERE state = 'sent';
CREATE INDEX deliveries_state ON deliveries (state, alert);
CREATE INDEX deliveries_undelivered ON deliveries (alert) WHERE state != 'sent' AND alert IS NOT NULL;
CREATE INDEX deliveries_bundle ON deliveries (bundle) WHERE bundle != '';
CREATE INDEX deliveries_silence ON deliveries (silence) WHERE silence IS NOT NULL;
CREATE TABLE attempts (  -- every attempt to send a delivery, once it has ended
    id INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL REFERENCES deliveries (id),
    bundle TEXT NOT NULL,                   -- key of the message
    begun_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,                 -- of one that was cut off: when that was found
    outcome TEXT NOT NULL,                  -- sent, or the reason: smtp_451, http_404, unknown, cut_off …
    error TEXT NOT NULL DEFAULT ''
    ) STRICT;
CREATE INDEX attempts_delivery ON attempts (delivery);
CREATE TABLE feedback (  -- what readers said about decisions: the rule laboratory learns from it
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,                       -- when it was said
    article INTEGER NOT NULL REFERENCES articles (id),
    revision INTEGER NOT NULL REFERENCES revisions (id),  -- the text it is about
    alert INTEGER REFERENCES alerts (id),   -- the message it answers, NULL if none
    pack TEXT NOT NULL,
    rule TEXT,                              -- NULL: it is about the whole topic
    verdict TEXT NOT NULL CHECK (verdict IN ('irrelevant', 'missed')),
    note TEXT NOT NULL DEFAULT ''           -- the reader's own words
    ) STRICT;
CREATE UNIQUE INDEX feedback_about ON feedback (revision, pack, ifnull(rule, ''));
CREATE INDEX feedback_article ON feedback (article);
CREATE INDEX feedback_alert ON feedback (alert) WHERE alert IS NOT NULL;
CREATE INDEX feedback_at ON feedback (at);
CREATE VIEW alerts_readable AS  -- alerts as a person reads them, newest first
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
    ORDER BY alerts.id DESC;
CREATE VIEW stories_readable AS  -- developments with their spread, the latest first
    SELECT stories.id, stories.title, stories.pack, stories.opened_at, stories.last_at,
        (SELECT count(*) FROM articles WHERE articles.story = stories.id) AS articles,
        (SELECT count(DISTINCT sources.title) FROM articles JOIN sources ON sources.name = articles.source
            WHERE articles.story = stories.id) AS outlets,
        (SELECT count(DISTINCT language) FROM articles WHERE articles.story = stories.id) AS languages,
        (SELECT group_concat(DISTINCT language) FROM articles WHERE articles.story = stories.id) AS in_languages,
        (SELECT count(*) FROM alerts WHERE alerts.story = stories.id) AS alerts
    FROM stories
    WHERE stories.merged_into IS NULL
    ORDER BY stories.last_at DESC;
CREATE VIRTUAL TABLE search  -- rowid: key of an article; the words of its newest text, language and source
    USING fts5 (words, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '=_-'");
CREATE TABLE search_words (  -- every word of a script that writes spaces: which forms does a word have here?
    word TEXT PRIMARY KEY NOT NULL          -- folded; it stays when the last text with it is gone
    ) STRICT, WITHOUT ROWID;
CREATE TABLE search_state (  -- how far the index goes; one row
    id INTEGER PRIMARY KEY CHECK (id = 1),
    made_by TEXT NOT NULL,                  -- the way of making words; another one makes the index anew
    covered_from INTEGER NOT NULL,          -- articles from this key on are in it; it is made anew downwards
    covered_to INTEGER NOT NULL             -- and up to this one: the newest few are put in together
    ) STRICT;
DELETE FROM "_sqlite_migrations";
INSERT INTO "_sqlite_migrations" VALUES (1, 'tumen', '0001_the_whole_road', '2026-11-26 22:03:19.180103+00:00');
DELETE FROM "sources";
INSERT INTO "sources" VALUES ('herald', 'The Herald', 'https://herald.example/rss', 'feed', 'en', 'GB', '["wire"]', 4, NULL, 1, 0, '', '[]', '[]', 'UTC', '2026-11-25T06:30:00.000000Z', NULL, '2026-11-25T06:31:00.000000Z', NULL, NULL, NULL, '"e"', NULL, '2026-11-25T06:30:00.000000Z', '2026-11-25T06:30:00.000000Z', '2026-11-25T06:30:00.000000Z', 0, NULL, '', '', 6, 'new', '', NULL, 0, NULL, 0, '2026-11-25T06:30:00.000000Z', NULL);
INSERT INTO "sources" VALUES ('가', '신문', 'https://가.example/rss', 'feed', 'ko', 'GB', '["wire"]', 4, NULL, 1, 0, '', '[]', '[]', 'UTC', '2026-11-25T06:30:00.000000Z', NULL, '2026-11-25T06:30:00.000000Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, '', '', 0, 'new', '', NULL, 0, NULL, 0, NULL, NULL);
DELETE FROM "looks";
INSERT INTO "looks" VALUES (1, 'herald', '2026-11-25T06:30:00.000000Z', 'ok', '', '', 200, 0.1, 99, 6, 6, 6, 6, 6, 0, 6, '');
DELETE FROM "robots";
INSERT INTO "robots" VALUES ('https://herald.example:443', 'User-agent: *', '2026-11-25T06:30:00.000000Z');
DELETE FROM "prunings";
INSERT INTO "prunings" VALUES (1, '2026-11-25T06:30:00.000000Z', '2026-11-25T06:30:00.000000Z', 'unmatched', 'age', '2026-11-25T06:30:00.000000Z', 1, 9);
DELETE FROM "tombstones";
INSERT INTO "tombstones" VALUES ('https://herald.example/gone', 1);
DELETE FROM "stories";
INSERT INTO "stories" VALUES (1, 'A strike stops port 1', 'harbour', '2026-11-25T06:30:00.000000Z', '2026-11-25T06:31:00.000000Z', NULL);
INSERT INTO "stories" VALUES (2, 'A strike stops port 2', 'harbour', '2026-11-25T06:30:00.000000Z', '2026-11-25T06:30:00.000000Z', 1);
INSERT INTO "stories" VALUES (3, 'A strike stops port 3', 'harbour', '2026-11-25T06:30:00.000000Z', '2026-11-25T06:30:00.000000Z', NULL);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES ('alerts', 3);
INSERT INTO "sqlite_sequence" VALUES ('articles', 4);
INSERT INTO "sqlite_sequence" VALUES ('deliveries', 7);
INSERT INTO "sqlite_sequence" VALUES ('stories', 3);
DELETE FROM "story_edits";
INSERT INTO "story_edits" VALUES (1, '2026-11-25T06:31:00.000000Z', 'merge', 2, 1, '[2]', 'the same strike');
DELETE FROM "articles";
INSERT INTO "articles" VALUES (1, 'https://herald.example/1', 'herald', 'A strike stops port 1', 'en', '2026-11-25T06:30:00.000000Z', 0, 'Ann', '2026-11-25T06:30:00.000000Z', '2026-11-25T06:31:00.000000Z', 'new_story', 1, 'https://herald.example/1', 'herald.example', '"p"', NULL, NULL, 0, NULL);
INSERT INTO "articles" VALUES (2, 'https://herald.example/2', 'herald', 'A strike stops port 2', 'en', '2026-11-25T06:30:00.000000Z', 0, 'Ann', '2026-11-25T06:30:00.000000Z', '2026-11-25T06:30:00.000000Z', 'new_story', 1, 'https://herald.example/2', 'herald.example', '"p"', NULL, '2026-11-25T06:45:00.000000Z', 0, NULL);
INSERT INTO "articles" VALUES (3, 'https://herald.example/3', 'herald', 'A strike stops port 3', 'en', '2026-11-25T06:30:00.000000Z', 0, 'Ann', '2026-11-25T06:30:00.000000Z', '2026-11-25T06:30:00.000000Z', 'new_story', 3, 'https://herald.example/3', 'herald.example', '"p"', NULL, '2026-11-25T06:45:00.000000Z', 0, NULL);
INSERT INTO "articles" VALUES (4, 'https://herald.example/4', 'herald', 'Погода: дождь', 'ru', NULL, 0, NULL, '2026-11-25T06:30:00.000000Z', '2026-11-25T06:30:00.000000Z', 'no_rule_matched', NULL, NULL, '', NULL, NULL, NULL, 0, NULL);
DELETE FROM "visits";
INSERT INTO "visits" VALUES (1, 1, 'herald.example', '2026-11-25T06:50:00.000000Z', 'unchanged', 0, '', 304, 0);
DELETE FROM "revisions";
INSERT INTO "revisions" VALUES (1, 1, 1, 'A strike stops port 1', '1,200 dockers walked out.', '2a948217ede0046bb120b3a34b90fe33cb6f962a3234548579b06dcdd10f240a', 'b259de7c4bd794f53de7974e30f218337afcaa3b5ae4d1824061749c4d1a2122', '2026-11-25T06:30:00.000000Z', 'new_story');
INSERT INTO "revisions" VALUES (2, 2, 1, 'A strike stops port 2', '1,200 dockers walked out.', '6a7a3df96d9558423ffb5dfc545a4a6b85f778dc3dfb574bc323a4ab72434e0b', 'cf0d4c4e5213711fa408b4ede7865f86c70ec8c235adc8dbcd5e5394a8d1768a', '2026-11-25T06:30:00.000000Z', 'new_story');
INSERT INTO "revisions" VALUES (3, 3, 1, 'A strike stops port 3', '1,200 dockers walked out.', 'ef2566d50933ca1d5d9b926505216587fb1d83cb9c2d18ed05408b75b9514155', '4f83a6aeec956b139daef8e4f1baf1a83f0ee8b8b746399b2148fdc510873746', '2026-11-25T06:30:00.000000Z', 'new_story');
INSERT INTO "revisions" VALUES (4, 1, 2, 'A strike stops port 1', 'By now 900 dockers walked out.', 'e289e86c891d27debbf3da425ebc2c5e40e3c3d190ae4e992b7b07e386ba4c98', 'b80daaa23fcc8034ae75496d8d9fcc8af77db3b030089ff9e4f4226e9f5e2837', '2026-11-25T06:31:00.000000Z', 'new_story');
INSERT INTO "revisions" VALUES (5, 4, 1, 'Погода: дождь', 'Завтра дождь. 내일 비.', '273f93edee52fb0031ee87eb0ea98136686e9cd9293c7b672e373ae05bd3c051', '2256b8740b6f79326937a2d8472950076defadbe1038808f10e11905cae53945', '2026-11-25T06:30:00.000000Z', 'no_rule_matched');
DELETE FROM "placements";
INSERT INTO "placements" VALUES (1, 'harbour', '0123456789ab', 0.0, '[]', 0, '{"strike": 1.0, "dockers=1200": 2.0}', X'00010203');
INSERT INTO "placements" VALUES (2, 'harbour', '0123456789ab', 0.0, '[]', 0, '{"strike": 1.0, "dockers=1200": 2.0}', X'0001020300010203');
INSERT INTO "placements" VALUES (3, 'harbour', '0123456789ab', 0.0, '[]', 0, '{"strike": 1.0, "dockers=1200": 2.0}', X'000102030001020300010203');
INSERT INTO "placements" VALUES (4, 'harbour', '0123456789ab', 0.0, '[]', 0, '{"strike": 1.0, "dockers=1200": 2.0}', X'00010203');
DELETE FROM "matches";
INSERT INTO "matches" VALUES (1, 1, 'harbour', '0123456789ab', 'strikes', 'high', 2.0);
INSERT INTO "matches" VALUES (2, 2, 'harbour', '0123456789ab', 'strikes', 'high', 2.0);
INSERT INTO "matches" VALUES (3, 3, 'harbour', '0123456789ab', 'strikes', 'high', 2.0);
INSERT INTO "matches" VALUES (4, 4, 'harbour', '0123456789ab', 'strikes', 'high', 2.0);
DELETE FROM "evidence";
INSERT INTO "evidence" VALUES (1, 1, 'title', 2, 8, 'strike', 'strike');
INSERT INTO "evidence" VALUES (2, 2, 'title', 2, 8, 'strike', 'strike');
INSERT INTO "evidence" VALUES (3, 3, 'title', 2, 8, 'strike', 'strike');
INSERT INTO "evidence" VALUES (4, 4, 'title', 2, 8, 'strike', 'strike');
DELETE FROM "facts";
INSERT INTO "facts" VALUES (1, 1, 'figure', 'dockers', 1200.0, NULL, 'exact', NULL, NULL, 'body', 0, 13, '1,200 dockers', 'dockers', '');
INSERT INTO "facts" VALUES (2, 2, 'figure', 'dockers', 1200.0, NULL, 'exact', NULL, NULL, 'body', 0, 13, '1,200 dockers', 'dockers', '');
INSERT INTO "facts" VALUES (3, 3, 'figure', 'dockers', 1200.0, NULL, 'exact', NULL, NULL, 'body', 0, 13, '1,200 dockers', 'dockers', '');
INSERT INTO "facts" VALUES (4, 4, 'figure', 'dockers', 1200.0, NULL, 'exact', NULL, NULL, 'body', 0, 13, '1,200 dockers', 'dockers', '');
DELETE FROM "captures";
INSERT INTO "captures" VALUES (1, 1, 1, 'https://herald.example/1', '2026-11-25T06:30:00.000000Z', '20261125T063000Z-00000000000000000000000000000001.warc.gz', 4711, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '', '');
INSERT INTO "captures" VALUES (2, 2, 2, 'https://herald.example/2', '2026-11-25T06:30:00.000000Z', '20261125T063000Z-00000000000000000000000000000002.warc.gz', 4711, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '', '');
INSERT INTO "captures" VALUES (3, 3, 3, 'https://herald.example/3', '2026-11-25T06:30:00.000000Z', '20261125T063000Z-00000000000000000000000000000003.warc.gz', 4711, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '', '');
DELETE FROM "entries";
INSERT INTO "entries" VALUES (1, 'https://herald.example/1', 'herald.example', 'herald', 'Title 1', 'A teaser', NULL, '2026-11-25T06:29:00.000000Z', '2026-11-25T06:30:00.000000Z', 1, 'read', 'new_story', '', 0, NULL, '2026-11-25T06:31:00.000000Z', 1, NULL);
INSERT INTO "entries" VALUES (2, 'https://herald.example/2', 'herald.example', 'herald', 'Title 2', 'A teaser', NULL, '2026-11-25T06:28:00.000000Z', '2026-11-25T06:30:00.000000Z', 1, 'read', 'new_story', '', 0, NULL, '2026-11-25T06:30:00.000000Z', 2, NULL);
INSERT INTO "entries" VALUES (3, 'https://herald.example/3', 'herald.example', 'herald', 'Title 3', 'A teaser', NULL, '2026-11-25T06:27:00.000000Z', '2026-11-25T06:30:00.000000Z', 1, 'read', 'new_story', '', 0, NULL, '2026-11-25T06:30:00.000000Z', 3, NULL);
INSERT INTO "entries" VALUES (4, 'https://herald.example/4', 'herald.example', 'herald', 'Title 4', 'A teaser', NULL, '2026-11-25T06:26:00.000000Z', '2026-11-25T06:30:00.000000Z', 1, 'read', 'no_rule_matched', '', 0, NULL, '2026-11-25T06:30:00.000000Z', 4, NULL);
INSERT INTO "entries" VALUES (5, 'https://herald.example/5', 'herald.example', 'herald', 'Title 5', 'A teaser', NULL, '2026-11-25T06:25:00.000000Z', '2026-11-25T06:30:00.000000Z', 1, 'to_read', '', '', 0, NULL, NULL, NULL, NULL);
INSERT INTO "entries" VALUES (6, 'https://herald.example/6', 'herald.example', 'herald', 'Title 6', 'A teaser', NULL, '2026-11-25T06:24:00.000000Z', '2026-11-25T06:30:00.000000Z', 1, 'to_read', '', '', 0, NULL, NULL, NULL, NULL);
DELETE FROM "entry_sources";
INSERT INTO "entry_sources" VALUES (1, 'herald', '2026-11-25T06:30:00.000000Z');
INSERT INTO "entry_sources" VALUES (2, 'herald', '2026-11-25T06:30:00.000000Z');
INSERT INTO "entry_sources" VALUES (3, 'herald', '2026-11-25T06:30:00.000000Z');
INSERT INTO "entry_sources" VALUES (4, 'herald', '2026-11-25T06:30:00.000000Z');
INSERT INTO "entry_sources" VALUES (5, 'herald', '2026-11-25T06:30:00.000000Z');
INSERT INTO "entry_sources" VALUES (6, 'herald', '2026-11-25T06:30:00.000000Z');
DELETE FROM "gaps";
INSERT INTO "gaps" VALUES (1, 'herald', '2026-11-25T06:30:00.000000Z', '2026-11-25T06:30:00.000000Z', 'https://herald.example/rss?paged=2', 0, 0, 0);
DELETE FROM "alerts";
INSERT INTO "alerts" VALUES (1, 'new', 'new_story', 1, 1, 1, 1, 'harbour', 'high', 0, '2026-11-25T06:30:00.000000Z');
INSERT INTO "alerts" VALUES (2, 'new', 'new_story', 1, 2, 2, 2, 'harbour', 'high', 0, '2026-11-25T06:30:00.000000Z');
INSERT INTO "alerts" VALUES (3, 'new', 'new_story', 3, 3, 3, 3, 'harbour', 'high', 0, '2026-11-25T06:30:00.000000Z');
DELETE FROM "novelties";
INSERT INTO "novelties" VALUES (1, 1, 1, 900.0, 'figure', '');
INSERT INTO "novelties" VALUES (2, 2, 2, 900.0, 'figure', '');
INSERT INTO "novelties" VALUES (3, 3, 3, 900.0, 'figure', '');
DELETE FROM "notices";
INSERT INTO "notices" VALUES (1, NULL, 'source_failing', '가', '가 fails: no answer', '[]', 'normal', '2026-11-25T06:30:00.000000Z');
DELETE FROM "conditions";
INSERT INTO "conditions" VALUES ('source 가', '가 fails: no answer', '2026-11-25T06:30:00.000000Z');
DELETE FROM "silences";
INSERT INTO "silences" VALUES (1, 'anna', 'conference', '2026-11-25T06:30:00.000000Z', '2026-11-25T06:35:00.000000Z', 'chat', '', '', NULL, '', '', '2026-11-25T06:30:00.000000Z');
DELETE FROM "recipients";
INSERT INTO "recipients" VALUES ('mail', 'a1', 0, NULL, NULL, '', '2026-11-25T06:31:00.000000Z');
DELETE FROM "deliveries";
INSERT INTO "deliveries" VALUES (1, 1, NULL, 'mail', 'a1', 'sent', 1, '2026-11-25T06:30:00.000000Z', '', '2026-11-25T06:30:00.000000Z', '2026-11-27T06:30:00.000000Z', '2026-11-25T06:31:00.000000Z', NULL, '2026-11-25T06:31:00.000000Z', '14ec1ffce5ab40d9', 'few', 0, '', 0, NULL, '');
INSERT INTO "deliveries" VALUES (2, 1, NULL, 'chat', 'b2', 'dead', 1, '2026-11-25T06:31:00.000000Z', '', '2026-11-25T06:30:00.000000Z', '2026-11-27T06:30:00.000000Z', '2026-11-25T06:31:00.000000Z', NULL, NULL, '', 'few', 0, '550 no', 0, NULL, '');
INSERT INTO "deliveries" VALUES (3, 2, NULL, 'mail', 'a1', 'claimed', 1, '2026-11-25T06:30:00.000000Z', '', '2026-11-25T06:30:00.000000Z', '2026-11-27T06:30:00.000000Z', '2026-11-25T06:31:00.000000Z', '2026-11-25T06:36:00.000000Z', NULL, '963d647599eed47b', 'few', 0, '', 0, NULL, '');
INSERT INTO "deliveries" VALUES (4, 2, NULL, 'chat', 'b2', 'pending', 0, '2026-11-25T06:30:00.000000Z', '', '2026-11-25T06:30:00.000000Z', '2026-11-27T06:30:00.000000Z', NULL, NULL, NULL, '', '', 0, '', 0, NULL, '');
INSERT INTO "deliveries" VALUES (5, 3, NULL, 'mail', 'a1', 'pending', 0, '2026-11-25T06:30:00.000000Z', '', '2026-11-25T06:30:00.000000Z', '2026-11-27T06:30:00.000000Z', NULL, NULL, NULL, '', '', 0, '', 0, NULL, '');
INSERT INTO "deliveries" VALUES (6, 3, NULL, 'chat', 'b2', 'suppressed', 0, '2026-11-25T06:30:00.000000Z', '', '2026-11-25T06:30:00.000000Z', '2026-11-27T06:30:00.000000Z', NULL, NULL, NULL, '', '', 0, '', 0, 1, '');
INSERT INTO "deliveries" VALUES (7, NULL, 1, 'mail', 'a1', 'pending', 0, '2026-11-25T06:30:00.000000Z', '', '2026-11-25T06:30:00.000000Z', '2026-11-26T06:30:00.000000Z', NULL, NULL, NULL, '', '', 0, '', 0, NULL, '');
DELETE FROM "attempts";
INSERT INTO "attempts" VALUES (1, 1, '14ec1ffce5ab40d9', '2026-11-25T06:31:00.000000Z', '2026-11-25T06:31:00.000000Z', 'sent', '');
INSERT INTO "attempts" VALUES (2, 2, '6afa1908352b7b12', '2026-11-25T06:31:00.000000Z', '2026-11-25T06:31:00.000000Z', 'smtp_550', '550 no');
DELETE FROM "feedback";
INSERT INTO "feedback" VALUES (1, '2026-11-25T06:31:00.000000Z', 1, 1, 1, 'harbour', NULL, 'irrelevant', 'про погоду');
DELETE FROM "search_data";
INSERT INTO "search_data" VALUES (1, X'0325');
INSERT INTO "search_data" VALUES (10, X'000000010102020002010101020101');
INSERT INTO "search_data" VALUES (137438953473, X'000000770230310101010101320202023030010101010133030101610101010107646F636B65727301010101076C616E673D656E01010101036F75740101010104706F7274010101010D736F757263653D686572616C640101010204746F7073010101030472696B65010101010677616C6B65640101010406040704060C0C0809120909');
INSERT INTO "search_data" VALUES (274877906945, X'000000800230310100000103323030010001033930300101016101000001026279010107646F636B65727301000001076C616E673D656E01000001036E6F770101036F75740100000104706F7274010000010D736F757263653D686572616C640100000204746F7073010000030472696B65010000010677616C6B65640100000406070606050C0C060809120909');
DELETE FROM "search_idx";
INSERT INTO "search_idx" VALUES (1, X'', 2);
INSERT INTO "search_idx" VALUES (2, X'', 2);
DELETE FROM "search_config";
INSERT INTO "search_config" VALUES ('automerge', 8);
INSERT INTO "search_config" VALUES ('version', 4);
DELETE FROM "search_words";
INSERT INTO "search_words" VALUES ('1');
INSERT INTO "search_words" VALUES ('2');
INSERT INTO "search_words" VALUES ('200');
INSERT INTO "search_words" VALUES ('3');
INSERT INTO "search_words" VALUES ('900');
INSERT INTO "search_words" VALUES ('a');
INSERT INTO "search_words" VALUES ('by');
INSERT INTO "search_words" VALUES ('dockers');
INSERT INTO "search_words" VALUES ('now');
INSERT INTO "search_words" VALUES ('out');
INSERT INTO "search_words" VALUES ('port');
INSERT INTO "search_words" VALUES ('stops');
INSERT INTO "search_words" VALUES ('strike');
INSERT INTO "search_words" VALUES ('walked');
DELETE FROM "search_state";
INSERT INTO "search_state" VALUES (1, '1 unicode-14.0.0 opencc-1.4.2', 1, 3);
