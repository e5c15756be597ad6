"""Who says what a text states?

Word order and lists of words, in the languages that news comes in: "X said", "according to X", "X에 따르면", "X: …".
What counts as an actor is the pack's; how one speaks is the same for any topic.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.attribution import eastern
from monitor.core.attribution.labels import Labels
from monitor.core.attribution.lexicon import ONLY, THAT, Cue, lexicon
from monitor.core.attribution.sentences import Stretch
from monitor.core.reading import place
from monitor.core.statements import Field
from monitor.core.text import is_unspaced
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.core.reading import Hit, Reading
    from monitor.core.topic import Concept, Pack

__all__ = ["Speakers"]

_LONGEST = 600  # characters of a sentence that are looked at together
_SUBJECT = 6  # words that may stand between a verb of saying and who says it
_OBJECT = 4  # the same for "according to …, the head of X"
_BESIDE = 3  # the same for what follows the one who speaks: "X'e göre"
_PARTICLE = 14  # signs between an actor and the particle that marks it: ministry, spokesman
_NEAR_VERB = 12  # signs between the subject of a verb and the verb, where others are marked alike
_DENIED, _DENIED_BEHIND = 3, 7  # words between a "not" and what it denies


_start = attrgetter("start")


class _Voice(NamedTuple):
    """A place at which somebody is named as saying something, and who says what stands before and behind it."""

    at: int
    says_before: Hit | None
    says_behind: Hit | None


class Speakers:
    """Who says what, in one article."""

    def __init__(self, reading: Reading, pack: Pack) -> None:
        self._concepts = pack.concepts
        self._folded = reading.folded
        self._language = reading.article.language
        self._lexicon = lexicon(self._language)
        hits: dict[ConceptKind, list[Hit]] = {
            kind: [] for kind in (ConceptKind.ACTOR, ConceptKind.STANCE, ConceptKind.UNIT)
        }
        for key in reading.keys:
            if (kind := pack.kind_of(key)) in hits:
                hits[kind] += reading.view.of(key)
        self._actors = _by_field(_apart(sorted(hits[ConceptKind.ACTOR], key=place)))
        self._stances = _by_field(sorted(hits[ConceptKind.STANCE], key=place))
        self._counted = _by_field(sorted(hits[ConceptKind.UNIT], key=place))
        self._labels = Labels(reading, pack, self._actors[Field.TITLE])
        self._stretches: dict[tuple[Field, int, int], Stretch] = {}
        self._voices: dict[Stretch, Sequence[_Voice]] = {}

    def of_figure(self, field: Field, start: int, end: int) -> Concept | None:
        """The actor who says what is stated at these folded characters, if the text names one as saying so."""
        if field is Field.TITLE and (label := self._labels.around(start)):
            return self._concepts[label.key]
        stretch = self._stretch(field, start)
        if stretch not in self._voices:
            self._voices[stretch] = tuple(self._saying(stretch))
        voices = self._voices[stretch]
        if not voices:
            return None
        voice = min(voices, key=lambda voice: max(voice.at - end, start - voice.at, 0))
        hit = voice.says_before if start < voice.at else voice.says_behind
        return self._concepts[hit.key] if hit else None

    def name_of_figure(self, field: Field, start: int, end: int) -> str:
        """The name of that actor's concept, empty if none is named."""
        actor = self.of_figure(field, start, end)
        return actor.name if actor else ""

    def of_title(self) -> Iterator[Concept]:
        """The actors whose words the headline gives."""
        end = len(self._folded[Field.TITLE].text)
        for offset in dict.fromkeys((0, end)):
            if actor := self.of_figure(Field.TITLE, offset, offset):
                yield actor

    def of_stance(self, stance: Hit) -> Concept | None:
        """The actor who takes a stance: its subject, else the first actor of the sentence."""
        stretch = self._stretch(stance.field, stance.start)
        headline = self._labels if stance.field is Field.TITLE else None
        hit = (
            self._passive(stance, stretch)
            or (headline.behind(stance.end) if headline else None)
            or self._subject(stance, stretch)
            or (headline.around(stance.start) if headline else None)
            or next(iter(stretch.actors), None)
        )
        return self._concepts[hit.key] if hit else None

    def is_negated(self, stance: Hit) -> bool:
        """Whether the text says that the stance is not taken: "did not confirm", "не подтвердил"."""
        text = self._folded[stance.field].text
        word = text[stance.start : stance.end]
        if is_unspaced(word):
            return eastern.is_negated(text, stance.start, stance.end)
        if self._language == "tr" and eastern.is_turkish_negative(word):
            return True
        stretch = self._stretch(stance.field, stance.start)
        begin, end = stretch.clause(stance.start)
        return self._is_denied(stretch, Cue.NOT, begin, stance.start) or self._is_denied(
            stretch, Cue.NOT_BEHIND, stance.end, end
        )

    def _is_denied(self, stretch: Stretch, cue: Cue, begin: int, end: int) -> bool:
        most = _DENIED if cue is Cue.NOT else _DENIED_BEHIND
        near = stretch.words_before(end, most) if cue is Cue.NOT else stretch.words_behind(begin, most)
        for first, behind in self._lexicon.cues(cue, near):
            start, stop = near[first][1], near[behind - 1][2]
            is_more = behind < len(near) and near[behind][0] in ONLY
            is_other = cue is Cue.NOT and stretch.named(stop, end)  # somebody else stands between
            if start >= begin and stop <= end and not is_more and not is_other:
                return True
        return False

    def _stretch(self, field: Field, offset: int) -> Stretch:
        folded = self._folded[field]
        number = folded.sentence_at(offset)
        starts = folded.sentences
        begin = starts[number]
        end = starts[number + 1] if number + 1 < len(starts) else len(folded.text)
        part = (offset - begin) // _LONGEST
        key = field, number, part
        if key not in self._stretches:
            first, last = begin + part * _LONGEST, min(end, begin + (part + 1) * _LONGEST)
            actors = self._actors[field]
            low, high = (bisect_left(actors, at, key=_start) for at in (first, last))
            self._stretches[key] = Stretch(folded.text, first, last, actors[low:high], self._lexicon)
        return self._stretches[key]

    def _passive(self, stance: Hit, stretch: Stretch) -> Hit | None:
        """Whom a "by" right behind the stance names: "denied by Moscow"."""
        near = stretch.words_behind(stance.end, _OBJECT)
        for first, behind in self._lexicon.cues(Cue.BY, near):
            if first <= 1:
                named = stretch.named(near[behind - 1][2], near[-1][2])
                return self._person(named[0], named) if named else None
        return None

    def _subject(self, stance: Hit, stretch: Stretch) -> Hit | None:
        """The first actor before the stance in its clause; what another verb governs stands apart."""
        if self._ends_with_verb(stretch):
            return self._topic(stretch, stance.start, self._first_of(stretch, stance.start))
        begin, _ = stretch.clause(stance.start)
        verbs = [end for _, end in stretch.said if begin < end <= stance.start]
        verbs += [hit.end for hit in self._around(stance) if begin < hit.end <= stance.start]
        for start in (*sorted(verbs, reverse=True), begin):
            if named := stretch.named(start, stance.start):
                return self._person(named[0], named)
        return self._inverted(stance, stretch) or self._before_aside(stretch, begin, stance.start)

    def _inverted(self, stance: Hit, stretch: Stretch) -> Hit | None:
        """The subject behind a verb that begins its clause, if little else follows: "…, confirms Seoul"."""
        begin, end = stretch.clause(stance.start)
        named = self._within(stretch, stance.end, end, _OBJECT)
        if not named or stretch.words_between(begin, stance.start) > 1:
            return None
        return self._person(named[0], named) if stretch.words_between(named[-1].end, end) < _BESIDE else None

    def _around(self, stance: Hit) -> Sequence[Hit]:
        """The few stances before this one."""
        stances = self._stances[stance.field]
        at = bisect_left(stances, stance.start, key=_start)
        return stances[max(0, at - _SUBJECT) : at]

    def _before_aside(self, stretch: Stretch, begin: int, verb: int) -> Hit | None:
        """The subject that an aside divides from its verb: "Kim Yo Jong, the leader's sister, denied"."""
        if begin == stretch.start or stretch.words_between(begin, verb) > 1:
            return None
        start = stretch.before(begin)
        for _ in range(2):
            if named := stretch.named(start, begin):
                return self._person(named[0], named)
            start = stretch.before(start)
        return None

    def _first_of(self, stretch: Stretch, before: int) -> Hit | None:
        named = stretch.named(stretch.start, before)
        return self._person(named[0], named) if named else None

    def _saying(self, stretch: Stretch) -> Iterator[_Voice]:
        """Who is named as saying something, and where."""
        if not stretch.actors:
            return
        if is_unspaced(stretch.text[stretch.start : stretch.end]):
            for at, hit in self._saying_eastern(stretch):
                yield _Voice(at, hit, hit)
        for _, end in stretch.cues(Cue.BEFORE):
            if named := self._within(stretch, end, stretch.clause(end)[1], _OBJECT):
                hit = self._person(named[0], named)
                yield _Voice(end, hit, hit)
        for start, _ in stretch.cues(Cue.BEHIND):
            named = stretch.named(stretch.clause(start)[0], start)
            if named and stretch.words_between(named[-1].end, start) < _BESIDE:
                hit = self._person(named[-1], named)
                yield _Voice(start, hit, hit)
        for start, end in stretch.said:
            voice = self._sayer(stretch, start, end)
            if voice.says_before or voice.says_behind:
                yield voice

    def _sayer(self, stretch: Stretch, start: int, end: int) -> _Voice:
        """The subject of a verb of saying: before it in the clause, else before an aside, or right behind it.

        A verb that begins its clause is told by what it says: "Budanov, the general, said Russia has 12,000", but
        "Russia has 12,000, said Budanov".
        """
        begin, stop = stretch.clause(start)
        if named := stretch.named(begin, start):
            is_near = stretch.words_between(named[-1].end, start) < _SUBJECT
            is_said = is_near and not self._counts(named[-1], start)
            hit = self._person(named[-1], named) if is_said else None
            return _Voice(start, hit, hit)
        aside = self._before_aside(stretch, begin, start)
        following = self._following(stretch, end, stop)
        is_first = stretch.words_between(begin, start) == 0
        behind = aside or (following if is_first else None)
        return _Voice(start, self._ending(stretch, end, stop) or aside, behind)

    def _following(self, stretch: Stretch, end: int, stop: int) -> Hit | None:
        """The subject right behind a verb that begins its clause: "قال زيلينسكي إن"."""
        named = self._within(stretch, end, stop, 2)
        if not named or THAT & {word for word, _, _ in stretch.words_behind(end, 1)}:
            return None
        return self._person(named[0], named)

    def _ending(self, stretch: Stretch, end: int, stop: int) -> Hit | None:
        """The subject behind a verb, where nothing more is said: "…, said Budanov on Friday"."""
        named = self._within(stretch, end, stop, _SUBJECT)
        if not named or stretch.words_between(named[-1].end, stop) > _SUBJECT:
            return None
        between = stretch.words_behind(end, stretch.words_between(end, named[0].start))
        return None if THAT & {word for word, _, _ in between} else self._person(named[0], named)

    def _within(self, stretch: Stretch, start: int, end: int, words: int) -> Sequence[Hit]:
        """The actors that stand near behind a place."""
        return [hit for hit in stretch.named(start, end) if stretch.words_between(start, hit.start) < words]

    def _saying_eastern(self, stretch: Stretch) -> Iterator[tuple[int, Hit]]:
        text, start, end = stretch.text, stretch.start, stretch.end
        for match in eastern.behind().finditer(text, start, end):
            named = stretch.named(stretch.clause(match.start())[0], match.start())
            if named and match.start() - named[-1].end <= _PARTICLE:
                yield match.start(), self._person(named[-1], named)
        for match in eastern.before().finditer(text, start, end):
            named = stretch.named(match.end(), min(match.end() + _PARTICLE, stretch.clause(match.start())[1]))
            if named:
                yield match.start(), self._person(named[0], named)
        for match in eastern.said().finditer(text, start, end):
            if self._ends_with_verb(stretch):
                hit = self._topic(stretch, match.start(), None)
            else:
                named = stretch.named(stretch.clause(match.start())[0], match.start())
                near = named and match.start() - named[-1].end <= _PARTICLE
                hit = (
                    self._person(named[-1], named)
                    if near and not self._counts(named[-1], match.start())
                    else None
                )
            if hit:
                yield match.start(), hit

    def _topic(self, stretch: Stretch, verb: int, otherwise: Hit | None) -> Hit | None:
        """The subject of a verb that ends its sentence: what it is about, or what is marked beside the verb."""
        subject = None
        named = stretch.named(stretch.start, verb)
        for at, hit in enumerate(named):
            stop = min(stretch.clause(hit.start)[1], hit.end + _PARTICLE, verb)
            if self._is_marked(stretch, hit, stop, eastern.TOPIC):
                return self._person(hit, stretch.named(hit.start, hit.end + _PARTICLE))
            is_near = subject is None or verb - hit.end <= _NEAR_VERB
            if is_near and self._is_marked(stretch, hit, stop, eastern.SUBJECT):
                subject = self._person(hit, named[at:])
        return subject or otherwise

    def _is_marked(self, stretch: Stretch, hit: Hit, stop: int, particles: tuple[str, ...]) -> bool:
        end = eastern.marked(stretch.text, hit.end, stop, particles)
        return end is not None and not self._counts(hit, end)

    def _counts(self, actor: Hit, end: int) -> bool:
        """Whether the actor's name only says whose soldiers are spoken of."""
        counted = self._counted[actor.field]
        low, high = (bisect_left(counted, at, key=_start) for at in (actor.start, end))
        return any(unit.end > actor.end for unit in counted[low:high])

    def _ends_with_verb(self, stretch: Stretch) -> bool:
        return eastern.ends_with_verb(stretch.text[stretch.start : stretch.end])

    def _person(self, hit: Hit, beside: Iterable[Hit]) -> Hit:
        """Who speaks for the actor, if one is named beside it: Budanov rather than Ukraine."""
        return next((one for one in beside if self._concepts[one.key].part_of == hit.key), hit)


def _by_field(hits: Sequence[Hit]) -> Mapping[Field, Sequence[Hit]]:
    return {field: [hit for hit in hits if hit.field is field] for field in Field}


def _apart(hits: Iterable[Hit]) -> Sequence[Hit]:
    """The names that do not overlap; of those that do, the longest says most precisely who it is."""
    kept: list[Hit] = []
    for hit in hits:
        if not kept or hit.field is not kept[-1].field or hit.start >= kept[-1].end:
            kept.append(hit)
        elif hit.end - hit.start > kept[-1].end - kept[-1].start:
            kept[-1] = hit
    return kept
