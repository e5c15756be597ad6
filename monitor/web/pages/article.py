"""One article: its text with what rules relied on, what it states, what became of it, and its versions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.core.comparing import Comparison, compare
from monitor.core.errors import InputError
from monitor.core.laboratory.opinion import opinions, standings
from monitor.core.marking import Stretch, marked
from monitor.core.meanings import MEANS
from monitor.core.reading import Origin
from monitor.core.sources.revisiting import Difference, difference
from monitor.core.statements import Evidence, Fact, FactKind, Field
from monitor.store.views.article import ArticlePage, article_page
from monitor.web.answering import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.core.laboratory.opinion import Opinion, Standing
    from monitor.core.models import Match
    from monitor.store.archive import Record, RevisionLine
    from monitor.store.database import Database
    from monitor.web.asking import Ask

SHOWN = 60_000
"""Characters of a text that are shown: more than any report has, and less than a hostile page could hold."""
_SHADES = 6  # of the style sheet


@dataclass(frozen=True, slots=True)
class Named:
    """What words of the text name: a concept of a pack, or a rule's own word.

    Attributes:
        pack: the one that it belongs to.
        concept: its key.
        places: the words, and where they stand.
        rules: those that relied on it; empty if no rule fired, and these are the words of rules that came near.
        shade: the number of its colour, from 1.
    """

    pack: str
    concept: str
    places: tuple[Evidence, ...]
    rules: tuple[str, ...]
    shade: int

    @property
    def words(self) -> tuple[str, ...]:
        """The words as they stand there, each once."""
        return tuple(dict.fromkeys(piece.text for piece in self.places))


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that did not fire, what it lacks, and what of it did stand there."""

    pack: str
    rule: str
    says: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """What a pack says now, which is another version of it than that which judged.

    Attributes:
        difference: the rules that fire in addition or not any more; empty if they are the same, or none fires.
        fired: whether any rule fired then, or does now.
        near: what rules lack that fired then, or came nearest.
    """

    pack: str
    version: str
    difference: str
    fired: bool
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """A version of the text beside the one before it: title and text word by word, and the figures that differ."""

    number: int
    before: int
    title: Comparison
    text: Comparison
    figures: Difference


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page shows.

    Attributes:
        article: what was recorded.
        means: its reason in words.
        title, paragraphs: of the newest text, cut where evidence begins and ends; `whole` unless its end is left out.
        named: what the marked words name, in the order in which it first stands there.
        facts: what is stated, each once, by kind; figures first.
        versions: two of its versions side by side, None if there is one only.
        now: what the packs say now.
    """

    article: ArticlePage
    means: str
    title: tuple[Stretch, ...]
    paragraphs: tuple[tuple[Stretch, ...], ...]
    whole: bool
    named: tuple[Named, ...]
    facts: Mapping[FactKind, tuple[Fact, ...]]
    versions: Versions | None
    now: tuple[Now, ...]


def article(ask: Ask, db: Database) -> Page:
    """An article by its number; `?version=3` compares that version with the one before it."""
    found = article_page(db, ask.number("article"))
    record = found.record
    text = record.text
    said = _asked(record, ask)
    standing = standings(record.matches, said)
    named = _named(record.matches, said, standing)
    pieces = [piece for one in named for piece in one.places]
    values = Shown(
        article=found,
        means=MEANS[text.reason],
        title=next(
            iter(marked(" ".join(text.article.title.splitlines()), _in(pieces, Field.TITLE), most=SHOWN)), ()
        ),
        paragraphs=marked(text.article.text, _in(pieces, Field.BODY), most=SHOWN),
        whole=len(text.article.text) <= SHOWN,
        named=named,
        facts=_facts(record.facts),
        versions=_versions(record, ask.key("version")),
        now=tuple(map(_now, standing)),
    )
    rules = {match.rule: ask.voice.rule(match.pack, match.rule) for match in record.matches}
    return Page("article.html", values, beside={"rules_fired": list(rules.items())})


def _in(pieces: Iterable[Evidence], field: Field) -> list[Evidence]:
    return [piece for piece in pieces if piece.field is field]


def _asked(record: Record, ask: Ask) -> list[Opinion]:
    """What packs say of the text that is shown: of one on topic those that found it so, else all."""
    text, site = record.text, ask.site
    shown = replace(text.article, text=text.article.text[:SHOWN])  # what explaining a hostile text may cost
    said = opinions(site.matcher, shown, Origin(text.source, text.tags), site.backgrounds)
    found = {match.pack for match in record.matches}
    return [one for one in said if not found or one.pack.name in found]


def _named(
    matches: Sequence[Match], said: Sequence[Opinion], standing: Sequence[Standing]
) -> tuple[Named, ...]:
    """What words of the text name, by place: those of the rules that fired, else of those that came near."""
    fired = [*matches] or [match for one in said for match in one.matches]
    holders = [(match.pack, match.rule, match.evidence) for match in fired]
    if not holders:
        holders = [(one.opinion.pack.name, "", miss.evidence) for one in standing for miss in one.misses]
    found: dict[tuple[str, str], list[tuple[Evidence, str]]] = {}
    places = [(piece, pack, rule) for pack, rule, evidence in holders for piece in evidence]
    for piece, pack, rule in sorted(places, key=lambda one: (one[0].field is Field.BODY, one[0].start)):
        found.setdefault((pack, piece.concept), []).append((piece, rule))
    return tuple(
        Named(
            pack=pack,
            concept=concept,
            places=tuple(dict.fromkeys(piece for piece, _ in many)),
            rules=tuple(dict.fromkeys(rule for _, rule in many if rule)),
            shade=number % _SHADES + 1,
        )
        for number, ((pack, concept), many) in enumerate(found.items())
    )


def _facts(facts: Iterable[Fact]) -> dict[FactKind, tuple[Fact, ...]]:
    """Each statement once, where it stands first, by kind: figures first."""
    once: dict[object, Fact] = {}
    for fact in facts:
        stated = (fact.kind, fact.concept, fact.value, fact.most, fact.bound, fact.by, fact.period)
        once.setdefault(stated, fact)
    by_kind = {kind: tuple(fact for fact in once.values() if fact.kind is kind) for kind in FactKind}
    return {kind: found for kind, found in by_kind.items() if found}


def _versions(record: Record, wanted: int | None) -> Versions | None:
    revisions = {revision.number: revision for revision in record.revisions}
    number = wanted or max(revisions)
    if number not in revisions or (wanted and number - 1 not in revisions):
        raise InputError(
            f"there is no version {number} to compare", remedy="the page of the article names them"
        )
    if number - 1 not in revisions:
        return None
    before, after = revisions[number - 1], revisions[number]
    return Versions(
        number=number,
        before=before.number,
        title=compare(before.title, after.title),
        text=compare(before.text, after.text),
        figures=difference(_figures(before), _figures(after)),
    )


def _figures(revision: RevisionLine) -> tuple[str, str, Sequence[Fact]]:
    """Its figures alone: the words are compared in another way."""
    return "", "", revision.facts


def _now(standing: Standing) -> Now:
    pack = standing.opinion.pack
    return Now(
        pack=pack.name,
        version=pack.version,
        difference=standing.difference,
        fired=bool(standing.was or standing.fires),
        near=tuple(
            Near(
                pack.name,
                miss.rule.name,
                miss.words,
                tuple(dict.fromkeys(piece.text for piece in miss.evidence)),
            )
            for miss in standing.misses
        ),
    )
