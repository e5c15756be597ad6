"""Which number of an article counts what, in the units of the pack.

A number counts the nearest thing behind it that it can count: "10,000 heavily armed North Korean soldiers". What
is said in between must not lead away from it: another number, the end of a clause, a preposition or a verb, a deed.
Where no spaces are written the thing may also stand before: 병력 1만2천명, 兵士約1万2000人. Elsewhere it may where
nothing behind the number is counted, and the words in between lead to it: "the number of soldiers rose to 12,000".

A unit may be the whole that others are part of, as people are of soldiers and workers: then the more exact one beside
it is meant (1万2000人の兵士), and where there is none, the whole.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from monitor.core.beside import Row, Sentence
from monitor.core.leading import Lead, closes
from monitor.core.linking import ends_clause, parts_of_list
from monitor.core.numbers import Number, numbers
from monitor.core.numbers.others import measures, ranks
from monitor.core.statements import Bound, Evidence, Fact, FactKind
from monitor.core.text import is_unspaced
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from monitor.core.reading import Hit, Reading
    from monitor.core.statements import Field
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
_NUMBERED = re.compile(r"\s?\d")  # it is the thing before the next number: 포탄 900만발 미사일 100발
_SIGN = re.compile(r"[$€£¥₩₽₴₫₹₺]")
# Languages in which what befell somebody mostly stands before who it is: погибших солдат, but soldats tués.
_SAID_FIRST = frozenset({"ru", "uk", "pl", "cs", "de", "nl", "sv", "no", "da", "lv", "lt", "fi", "et"})
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


def _stated(reading: Reading, counting: _Counting, by: Callable[[Field, int, int], str]) -> Iterator[Fact]:
    for field, folded in reading.folded.items():
        for start, end in counting.sentences(field):
            inside = Sentence(folded, start, end, counting.units[field], counting.others[field])
            for number in numbers(folded, reading.article.language, start, end):
                if (found := counting.counted(field, number, inside)) is None:
                    continue
                unit, bound = found
                place = min(number.start, unit.start), max(number.end, unit.end)
                first, last = folded.span(*place)
                evidence = Evidence(field, first, last, folded.original[first:last], unit.key)
                yield Fact(
                    FactKind.FIGURE, unit.key, number.value, evidence, by(field, *place),
                    at=reading.article.published, bound=bound, most=number.most,
                )  # fmt: skip


class _Counting:
    """The hits of an article, as numbers look for what they count.

    Attributes:
        whole_of: the units that are part of another one, and which.
        units: the units by field, and `others` what else may stand between, once it is asked for: names, and deeds.
    """

    def __init__(self, reading: Reading, pack: Pack) -> None:
        self._reading = reading
        self._pack = pack
        kinds = {key: pack.kind_of(key) for key in reading.keys}
        units = [key for key, kind in kinds.items() if kind is ConceptKind.UNIT]
        within = [key for key, kind in kinds.items() if kind in _WITHIN]
        parting = kinds.keys() - {*units, *within}
        self.whole_of = pack.whole_of
        self._wholes = frozenset(self.whole_of.values())
        self.units = {field: self._row(units, field) for field in reading.folded}
        self.others = {
            field: cache(lambda field=field: (self._row(within, field), self._row(parting, field)))
            for field in reading.folded
        }

    def _row(self, keys: Iterable[str], field: Field) -> Row:
        of = self._reading.view.of
        return Row(hit for key in keys for hit in of(key) if hit.field is field)

    def sentences(self, field: Field) -> Iterator[tuple[int, int]]:
        """Where the sentences are that hold something to count."""
        folded = self._reading.folded[field]
        starts = folded.sentences
        wanted = {hit.sentence for hit in self.units[field].hits}
        wanted.update(folded.sentence_at(sign.start()) for sign in _SIGN.finditer(folded.text))
        for number in sorted(wanted):
            yield starts[number], starts[number + 1] if number + 1 < len(starts) else len(folded.text)

    def counted(self, field: Field, number: Number, inside: Sentence) -> tuple[Hit, Bound] | None:
        """What the number counts, and how it is limited."""
        text = inside.text.text
        money = _MONEY.search(text, max(0, number.start - 6), number.start)
        if money := money or _MONEY_BEHIND.match(text, number.end):
            unit = self._money(field, money)
            return (unit, number.bound) if unit else None
        unit = self._thing(number, inside)
        if unit is None or (unit.key in self._wholes and unit.start >= number.end):
            return self._led(number, inside, unit) or ((unit, number.bound) if unit else None)
        return unit, number.bound

    def _thing(self, number: Number, inside: Sentence) -> Hit | None:
        """The thing behind the number; in a script without spaces also before it."""
        text, after = inside.text.text, self._after(number, inside)
        is_direct = after is not None and not text[number.end : after.start].strip(" -")
        if ranks(text, number.end) or (not is_direct and measures(text, number.end)):
            return None
        units = [hit for hit in inside.back(number.start) if hit.key not in self._wholes]
        before = self._before(number, inside, units)
        if after is None or (before and not is_direct and self._is_nearer(before, number, after, inside)):
            return before
        return (self._exact(number, after, inside) if after.key in self._wholes else None) or after

    def _led(self, number: Number, inside: Sentence, whole: Hit | None) -> tuple[Hit, Bound] | None:
        """The thing before the number that leads to it: "the number of dead rose to 17"."""
        if not closes(inside.text.text, whole.end if whole else number.end):
            return None
        led = inside.led(number.start)
        if led is None:
            return None
        unit, lead = self._first(led[0], inside), led[1]
        if whole is not None and self.whole_of.get(unit.key) != whole.key:
            return None
        return unit, Bound.EXACT if lead is Lead.TO else number.bound

    def _first(self, unit: Hit, inside: Sentence) -> Hit:
        """The thing that another one right behind it describes: soldados norcoreanos, погибших солдат."""
        before = next(iter(inside.leaders(unit.start)), None)
        if before is None or inside.text.text[before.end : unit.start].strip():
            return unit
        whole = self.whole_of.get(before.key)
        if whole == unit.key:
            return before
        is_alike = whole is not None and whole == self.whole_of.get(unit.key)
        return before if is_alike and self._reading.article.language in _SAID_FIRST else unit

    def _money(self, field: Field, mark: re.Match[str]) -> Hit | None:
        """The unit that the pack names by the sign or code of money beside the number."""
        written = mark.group().strip()
        names = {written, written[-1], f"={written.upper()}"}
        for name, unit in self._pack.signs.items():
            if name in names:
                first = mark.start() + mark.group().index(written)
                return self._reading.hit(unit, field, first, first + len(written))
        return None

    def _after(self, number: Number, inside: Sentence) -> Hit | None:
        text, at = inside.text.text, inside.text.word_at(number.end)
        near = [
            hit for hit in inside.ahead(number.start + 1) if hit.end > number.end and hit.word - at <= _AHEAD
        ]
        near = [hit for hit in near if not self._is_loose(text, number, hit)]
        if not near:
            return None
        unit = min(near, key=lambda hit: (hit.start, -hit.end))
        if unit.start <= number.end:
            return unit
        if text[number.end] == "-":
            return unit if unit.start == number.end + 1 else None
        return None if inside.is_parted(number.end, unit.start) else unit

    def _is_loose(self, text: str, number: Number, hit: Hit) -> bool:
        """Whether a counting word of one sign (명, 人) does not stand right behind the number."""
        if hit.key not in self._wholes or not is_unspaced(text[hit.start : hit.end]):
            return False
        return _RIGHT_BEHIND.fullmatch(text, number.end, max(hit.start, number.end)) is None

    def _before(self, number: Number, inside: Sentence, units: Sequence[Hit]) -> Hit | None:
        """Only languages that write no spaces put the unit first."""
        if not units:
            return None
        unit = max(units, key=lambda hit: (hit.end, -hit.start))
        between = inside.text.text[unit.end : number.start]
        words = inside.text.word_at(number.start) - inside.text.word_at(max(unit.end - 1, 0))
        return None if words > _BEHIND + 1 or ends_clause(between) or parts_of_list(between) else unit

    def _is_nearer(self, before: Hit, number: Number, after: Hit, inside: Sentence) -> bool:
        """Whether the thing before the number is meant, as in 포탄 900만발 미사일 100발."""
        if after.key in self._wholes or number.start - before.end > _BESIDE:
            return False
        return _LINKED.fullmatch(inside.bare(number.end, after.start)) is None

    def _exact(self, number: Number, whole: Hit, inside: Sentence) -> Hit | None:
        """The part of the whole that is meant: behind it, or before the number."""
        at = inside.text.word_at(number.end)
        after = [
            hit
            for hit in inside.ahead(whole.end)
            if self.whole_of.get(hit.key) == whole.key
            and hit.word - at <= _AHEAD + 1
            and not inside.is_parted(whole.end, hit.start)
        ]
        parts = [hit for hit in inside.back(number.start) if self.whole_of.get(hit.key) == whole.key]
        before = self._before(number, inside, parts)
        if after and not (before and _NUMBERED.match(inside.text.text, after[0].end)):
            return min(after, key=lambda hit: (hit.start, -hit.end))
        return before
