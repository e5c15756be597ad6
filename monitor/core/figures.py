"""Which number of an article counts what, in the units of the pack.

A number counts the nearest thing behind it that it can count: "10,000 heavily armed North Korean soldiers". What
is said in between must not lead away from it: another number, the end of a clause, a preposition or a verb, a deed.
Where no spaces are written the thing may also stand before: 병력 1만2천명, 兵士約1万2000人.

A unit may be the whole that others are part of, as people are of soldiers and workers: then the more exact one beside
it is meant (1万2000人の兵士), and where there is none, the whole.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.core.linking import ends_clause, leads_away, parts_of_list
from monitor.core.models import Evidence, Fact, FactKind
from monitor.core.numbers import Number, numbers
from monitor.core.numbers.others import measures, ranks
from monitor.core.text import is_unspaced
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from monitor.core.models import Field
    from monitor.core.reading import Hit, Reading
    from monitor.core.text import Folded
    from monitor.core.topic import Pack

_AHEAD = 5  # words that may stand between a figure and what it counts: "10,000 heavily armed North Korean soldiers"
_BEHIND = 2  # the same where the unit comes first: "병력 1만2천명"
_BESIDE = (
    3  # characters between a unit that comes first and its number, if nothing stands in between: "兵士約"
)
_MONEY = re.compile(r"(?:([a-z]{0,3}[$€£¥₩₽₴₫₹₺])|(?<![^\W_])(us|usd|eur|gbp|rub|krw|jpy|cny|chf))\s?\Z")
_MONEY_BEHIND = re.compile(r"\s?[$€£¥₩₽₴₫₹₺]")
_RIGHT_BEHIND = re.compile(r"\s?[여余多餘]?\s?")
_LINKED = re.compile(
    r"[여余多餘]?\s?(?:명|인|척|대|발|기|개|문|량|人|名|位|艘|隻|只|枚|发|発|辆|両|門|门|台|件|个)?여?\s?(?:규모의|의|以上の|余りの|の|的)?\s?"
)
_WITHIN = frozenset({ConceptKind.ACTOR, ConceptKind.PLACE, ConceptKind.SUBJECT, None})


def figures(
    reading: Reading, pack: Pack, by: Callable[[Field, int, int], str] = lambda *_: ""
) -> Iterator[Fact]:
    """The figures that the article states, in order of place; `by` says whose the words at a place are."""
    counting = _Counting(reading, pack)
    found = tuple(_stated(reading, counting, by))
    # "25.000 Nordkoreaner", says the headline, and the text: 25.000 workers.
    parts = {
        (whole, fact.value): fact.concept
        for fact in reversed(found)
        if (whole := counting.whole_of.get(fact.concept))
    }
    for fact in found:
        part = parts.get((fact.concept, fact.value))
        yield replace(fact, concept=part, evidence=replace(fact.evidence, concept=part)) if part else fact


def _stated(
    reading: Reading, counting: _Counting, by: Callable[[Field, int, int], str]
) -> Iterator[Fact]:
    for field, folded in reading.folded.items():
        for start, end in counting.sentences(field):
            for number in numbers(folded, reading.article.language, start, end):
                if (unit := counting.counted(field, number)) is None:
                    continue
                place = min(number.start, unit.start), max(number.end, unit.end)
                first, last = folded.span(*place)
                evidence = Evidence(field, first, last, folded.original[first:last], unit.key)
                yield Fact(
                    FactKind.FIGURE, unit.key, number.value, evidence, by(field, *place),
                    at=reading.article.published, bound=number.bound, most=number.most,
                )  # fmt: skip


class _Counting:
    """The hits of an article, as numbers look for what they count.

    Attributes:
        whole_of: the units that are part of another one, and which.
    """

    def __init__(self, reading: Reading, pack: Pack) -> None:
        self._reading = reading
        self._signs = _signs(pack)
        units = {name: one for name, one in pack.concepts.items() if one.kind is ConceptKind.UNIT}
        self.whole_of: Mapping[str, str] = {name: one.part_of for name, one in units.items() if one.part_of}
        self._wholes = frozenset(self.whole_of.values()) & units.keys()
        self._units: dict[tuple[Field, int], list[Hit]] = {}
        self._others: dict[tuple[Field, int], list[Hit]] = {}
        for hit in reading.hits:
            kind = pack.kind_of(hit.key)
            if kind is ConceptKind.UNIT:
                self._units.setdefault((hit.field, hit.sentence), []).append(hit)
            elif kind is not None:
                self._others.setdefault((hit.field, hit.sentence), []).append(hit)
        self._kind_of = pack.kind_of

    def sentences(self, field: Field) -> Iterator[tuple[int, int]]:
        """Where the sentences are that hold something to count."""
        folded = self._reading.folded[field]
        starts = folded.sentences
        wanted = sorted(number for where, number in self._units if where is field)
        if any(sign in folded.text for sign in self._signs):
            wanted = list(range(len(starts)))
        for number in wanted:
            yield starts[number], starts[number + 1] if number + 1 < len(starts) else len(folded.text)

    def counted(self, field: Field, number: Number) -> Hit | None:
        """What the number counts."""
        folded = self._reading.folded[field]
        text = folded.text
        if money := _MONEY.search(text, max(0, number.start - 6), number.start):
            return self._money(field, money.group().strip(), money.start(), number)
        if behind := _MONEY_BEHIND.match(text, number.end):
            return self._money(field, behind.group().strip(), number.end, number)
        sentence = folded.sentence_at(number.start)
        units = self._units.get((field, sentence), ())
        after = self._after(folded, number, units)
        direct = after is not None and not text[number.end : after.start].strip(" -")
        if ranks(text, number.end) or (not direct and measures(text, number.end)):
            return None
        before = self._before(folded, number, units)
        if after is None:
            return before
        if after.key in self._wholes:
            return self._exact(folded, number, after, units) or after
        if not direct and before is not None and text[number.end : after.start].strip():
            near = number.start - before.end <= _BESIDE
            if near and not _LINKED.fullmatch(self._bare(field, sentence, folded, number.end, after.start)):
                return before
        return after

    def _money(self, field: Field, sign: str, start: int, number: Number) -> Hit | None:
        key = self._signs.get(sign) or self._signs.get(sign[-1])
        if key is None:
            return None
        return self._reading.hit(key, field, min(start, number.start), max(start + len(sign), number.start))

    def _after(self, folded: Folded, number: Number, units: Sequence[Hit]) -> Hit | None:
        at = folded.word_at(number.end)
        near = [hit for hit in units if hit.end > number.end and hit.start > number.start]
        near = [hit for hit in near if hit.word - at <= _AHEAD and not self._is_loose(folded, number, hit)]
        if not near:
            return None
        unit = min(near, key=lambda hit: (hit.start, -hit.end))
        if unit.start <= number.end:
            return unit
        if folded.text[number.end] == "-":
            return unit if unit.start == number.end + 1 else None
        return None if self._is_parted(folded, number.end, unit) else unit

    def _is_loose(self, folded: Folded, number: Number, hit: Hit) -> bool:
        """Whether a counting word of one sign (명, 人) does not stand right behind the number."""
        if hit.key not in self._wholes or not is_unspaced(folded.text[hit.start : hit.end]):
            return False
        return _RIGHT_BEHIND.fullmatch(folded.text, number.end, max(hit.start, number.end)) is None

    def _is_parted(self, folded: Folded, start: int, unit: Hit) -> bool:
        """Whether something between the place and the unit says that they do not belong together."""
        between = folded.text[start : unit.start]
        if ends_clause(between):
            return True
        others = self._others.get((unit.field, unit.sentence), ())
        for hit in others:
            if start <= hit.start and hit.end <= unit.start and self._kind_of(hit.key) not in _WITHIN:
                return True
        return leads_away(self._bare(unit.field, unit.sentence, folded, start, unit.start))

    def _bare(self, field: Field, sentence: int, folded: Folded, start: int, end: int) -> str:
        """The text without the names in it, so that no part of a name is taken for a word."""
        text = folded.text[start:end]
        for hit in self._others.get((field, sentence), ()):
            if start <= hit.start and hit.end <= end and self._kind_of(hit.key) in _WITHIN:
                text = text[: hit.start - start] + "\ufffc" * (hit.end - hit.start) + text[hit.end - start :]
        return text.replace("\ufffc", "")

    def _before(self, folded: Folded, number: Number, units: Sequence[Hit]) -> Hit | None:
        """Only languages that write no spaces put the unit first."""
        near = [
            hit for hit in units if hit.end <= number.start and is_unspaced(folded.text[hit.start : hit.end])
        ]
        near = [hit for hit in near if hit.key not in self._wholes]
        if not near:
            return None
        unit = max(near, key=lambda hit: (hit.end, -hit.start))
        between = folded.text[unit.end : number.start]
        words = folded.word_at(number.start) - folded.word_at(max(unit.end - 1, 0))
        return None if words > _BEHIND + 1 or ends_clause(between) or parts_of_list(between) else unit

    def _exact(self, folded: Folded, number: Number, whole: Hit, units: Sequence[Hit]) -> Hit | None:
        """The part of the whole that is meant: behind it, or before the number."""
        parts = [hit for hit in units if self.whole_of.get(hit.key) == whole.key]
        at = folded.word_at(number.end)
        after = [hit for hit in parts if hit.start >= whole.end and hit.word - at <= _AHEAD + 1]
        after = [hit for hit in after if not self._is_parted(folded, whole.end, hit)]
        if after:
            return min(after, key=lambda hit: (hit.start, -hit.end))
        return self._before(folded, number, parts)


def _signs(pack: Pack) -> dict[str, str]:
    """The units of money by the signs and codes that the pack names them by: `$`, `usd`."""
    return {
        term.text.removeprefix("=").lower(): concept.name
        for concept in pack.concepts.values()
        if concept.kind is ConceptKind.UNIT
        for term in concept.terms
        if len(term.text) <= _LONGEST_SIGN
    }


_LONGEST_SIGN = 4
