"""The index of words by which articles are searched. It is made of the texts, and can be made of them anew."""

from __future__ import annotations

SEARCH = (
    # Without the texts, which stand in revisions. Places of words are not kept: the texts are asked for them. The
    # tokenizer takes every word as it is made (core/searching/words.py).
    """CREATE VIRTUAL TABLE search  -- rowid: key of an article; the words of its newest text, language and source
    USING fts5 (words, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '=_-'")""",
    # Twice as many pieces as it would have by itself: a question takes a little longer, and storing a tenth less.
    "INSERT INTO search (search, rank) VALUES ('automerge', 8)",
    """CREATE TABLE search_words (  -- every word of a script that writes spaces: which forms does a word have here?
    word TEXT PRIMARY KEY NOT NULL          -- folded; it stays when the last text with it is gone
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE search_state (  -- how far the index goes; one row
    id INTEGER PRIMARY KEY CHECK (id = 1),
    made_by TEXT NOT NULL,                  -- the way of making words; another one makes the index anew
    covered_from INTEGER NOT NULL,          -- articles from this key on are in it; it is made anew downwards
    covered_to INTEGER NOT NULL             -- and up to this one: the newest few are put in together
    ) STRICT""",
)
