"""The tables of what is watched, found and read."""

from __future__ import annotations

SOURCES = (
    """CREATE TABLE sources (  -- what is watched, and how it is doing
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
    ) STRICT""",
    "CREATE INDEX sources_due ON sources (next_due) WHERE retired_at IS NULL AND dropped_at IS NULL",
    "CREATE INDEX sources_unjudged ON sources (name) WHERE judged = 0 AND retired_at IS NULL",
    """CREATE TABLE looks (  -- every look at a source
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
    ) STRICT""",
    "CREATE INDEX looks_source ON looks (source, looked_at)",
    "CREATE INDEX looks_listed ON looks (source, looked_at) WHERE outcome = 'ok'",
    "CREATE INDEX looks_time ON looks (looked_at)",
)

ROBOTS = (
    """CREATE TABLE robots (  -- what the robots.txt of hosts said, for as long as it counts
    place TEXT PRIMARY KEY NOT NULL,        -- scheme, host and port
    text TEXT NOT NULL,                     -- its text, empty if there is none
    read_at TEXT NOT NULL
    ) STRICT""",
)

ENTRIES = (
    """CREATE TABLE entries (  -- addresses of articles that sources listed, and what became of them
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
    ) STRICT""",
    # The order in which entries are read; a date in the future must not push one to the end.
    """CREATE INDEX entries_to_read ON entries (min(ifnull(published, found_at), found_at), id)
    WHERE state = 'to_read'""",
    "CREATE INDEX entries_state ON entries (state)",
    "CREATE INDEX entries_source ON entries (source, found_at)",
    "CREATE INDEX entries_article ON entries (article) WHERE article IS NOT NULL",
    "CREATE INDEX entries_pruning ON entries (pruning) WHERE pruning IS NOT NULL",
    """CREATE TABLE entry_sources (  -- which sources listed an entry
    entry INTEGER NOT NULL REFERENCES entries (id),
    source TEXT NOT NULL REFERENCES sources (name),
    found_at TEXT NOT NULL,                 -- when this source first listed it
    PRIMARY KEY (entry, source)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX entry_sources_source ON entry_sources (source, found_at)",
    """CREATE TABLE gaps (  -- looks that listed nothing known: what came and went before may have been missed
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (name),
    since TEXT NOT NULL,                    -- the last look before it that ended well
    at TEXT NOT NULL,                       -- the look that showed it
    page TEXT,                              -- of the source's archive, to be searched next; NULL: searched
    pages INTEGER NOT NULL DEFAULT 0,       -- that were searched
    found INTEGER NOT NULL DEFAULT 0,       -- entries they brought
    closed INTEGER NOT NULL DEFAULT 0       -- 1: the search came back to what was known
    ) STRICT""",
    "CREATE INDEX gaps_source ON gaps (source, at)",
    "CREATE INDEX gaps_page ON gaps (at) WHERE page IS NOT NULL",
)

ARTICLES = (
    """CREATE TABLE stories (  -- developments: articles of any language and outlet about the same thing
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,                    -- of its first article
    pack TEXT NOT NULL,                     -- the topic it belongs to
    opened_at TEXT NOT NULL,                -- when its first article was read
    last_at TEXT NOT NULL,                  -- when its latest article was read
    merged_into INTEGER REFERENCES stories (id)  -- where a person put its articles; NULL: it stands for itself
    ) STRICT""",
    "CREATE INDEX stories_last ON stories (last_at) WHERE merged_into IS NULL",
    "CREATE INDEX stories_merged ON stories (merged_into) WHERE merged_into IS NOT NULL",
    """CREATE TABLE story_edits (  -- articles that were moved between stories, by people or by Tumen
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    edit TEXT NOT NULL CHECK (edit IN ('merge', 'split', 'join')),  -- join: by Tumen
    story INTEGER NOT NULL REFERENCES stories (id),       -- where the articles were
    into_story INTEGER NOT NULL REFERENCES stories (id),  -- where they are since
    articles TEXT NOT NULL,                 -- JSON list of their keys, ascending
    note TEXT NOT NULL DEFAULT ''           -- why, in the person's own words; of a join, what they share
    ) STRICT""",
    "CREATE INDEX story_edits_story ON story_edits (story)",
    "CREATE INDEX story_edits_into ON story_edits (into_story)",
    """CREATE TABLE articles (  -- pages that were read
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
    ) STRICT""",
    "CREATE INDEX articles_visit ON articles (visit_at) WHERE visit_at IS NOT NULL",
    """CREATE TABLE visits (  -- every look at a page that was read before
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (id),
    host TEXT NOT NULL,                     -- that was asked
    visited_at TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'unchanged', 'failed')),
    revised INTEGER NOT NULL,               -- 1: it said something else
    reason TEXT NOT NULL DEFAULT '',        -- one word, empty when ok
    status INTEGER,                         -- of HTTP, if there was an answer
    size INTEGER NOT NULL                   -- bytes received
    ) STRICT""",
    "CREATE INDEX visits_article ON visits (article)",
    "CREATE INDEX visits_host ON visits (host, visited_at)",
    "CREATE INDEX articles_source ON articles (source, read_at)",
    "CREATE INDEX articles_story ON articles (story) WHERE story IS NOT NULL",
    "CREATE INDEX articles_read ON articles (read_at)",
    # All that plots of volume need, without a look at the articles themselves.
    "CREATE INDEX articles_on_topic ON articles (read_at, language, story) WHERE story IS NOT NULL",
    """CREATE TABLE revisions (  -- versions of an article's title and text
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
    ) STRICT""",
    "CREATE INDEX revisions_hash ON revisions (content_hash)",
    "CREATE INDEX revisions_read ON revisions (read_at)",
    # What stands in feeds: the texts that brought something new, whether or not somebody was to be told.
    """CREATE INDEX revisions_telling ON revisions (read_at)
    WHERE reason IN ('new_story', 'new_facts', 'changed', 'no_channel')""",
    """CREATE TABLE placements (  -- why a revision on topic is in its story, and by what others find to it
    revision INTEGER PRIMARY KEY REFERENCES revisions (id),
    pack TEXT NOT NULL,
    version TEXT NOT NULL,                  -- of the pack that read it
    likeness REAL NOT NULL,                 -- how alike it was to its story, from 0 to 1; 0 opened it
    shared TEXT NOT NULL,                   -- JSON list of what they have in common, the most telling first
    is_roundup INTEGER NOT NULL DEFAULT 0,  -- 1: it speaks of several developments, nothing joins it
    features TEXT NOT NULL,                 -- JSON object of what it states, with weights
    shingles BLOB NOT NULL                  -- a sample of its text, to tell copies: CRC-32 of some of its shingles
    ) STRICT""",
    """CREATE TABLE matches (  -- revision × rule
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL REFERENCES revisions (id),
    pack TEXT NOT NULL,
    version TEXT NOT NULL,                  -- of the pack: begin of the SHA-256 of its files
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,                 -- low, normal, high or urgent
    score REAL NOT NULL,
    UNIQUE (revision, pack, rule)
    ) STRICT""",
    "CREATE INDEX matches_rule ON matches (pack, rule)",
    """CREATE TABLE evidence (  -- the words that a match relied on
    id INTEGER PRIMARY KEY,
    "match" INTEGER NOT NULL REFERENCES matches (id),
    field TEXT NOT NULL CHECK (field IN ('title', 'body')),
    start INTEGER NOT NULL,                 -- characters from the begin of the title or text
    "end" INTEGER NOT NULL,                 -- the first character after it
    text TEXT NOT NULL,                     -- the words themselves
    concept TEXT NOT NULL                   -- what they name
    ) STRICT""",
    'CREATE INDEX evidence_match ON evidence ("match")',
    """CREATE TABLE facts (  -- what a revision states
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
    ) STRICT""",
    "CREATE INDEX facts_revision ON facts (revision)",
    "CREATE INDEX facts_concept ON facts (concept, value)",
)

CAPTURES = (
    """CREATE TABLE captures (  -- pages on topic as they were fetched: web archives (WARC) in files of their own
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
    ) STRICT""",
    "CREATE INDEX captures_article ON captures (article)",
)
