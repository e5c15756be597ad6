"""Small edits of conditions: the ways to make one stricter, so that it leaves a text alone, or looser, to take it in.

Each way comes with a description. None is tried here but on the text in question.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from monitor.core import query as q
from monitor.core.conditions import satisfy
from monitor.core.laboratory.distances import called, gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.core.reading import View

_DISTANCES = (15, 10, 6, 4, 2)
_FARTHEST = 99
_COMBINED = 6  # ways that are tried for each of several parts that must change together


class Edit(NamedTuple):
    """A condition in a new form, and what was done to it."""

    query: q.Query
    says: str


def all_of(parts: Sequence[q.Query]) -> q.Query:
    """The parts joined by AND, without an AND inside an AND."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, q.AllOf) else (part,))]
    return flat[0] if len(flat) == 1 else q.AllOf(tuple(flat))


def any_of(parts: Sequence[q.Query]) -> q.Query:
    """The parts joined by OR, without an OR inside an OR."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, q.AnyOf) else (part,))]
    return flat[0] if len(flat) == 1 else q.AnyOf(tuple(flat))


def stricter(query: q.Query, view: View) -> Iterator[Edit]:
    """Ways to make a condition that holds on a text hold no longer; what holds elsewhere may change as well."""
    for edit in _stricter(query, view):
        if satisfy(edit.query, view) is None:
            yield edit


def _stricter(query: q.Query, view: View) -> Iterator[Edit]:  # noqa: C901, PLR0912  one for each node
    match query:
        case q.AllOf(parts):
            yield from _together(parts)
            for number, part in enumerate(parts):
                for edit in stricter(part, view):
                    yield Edit(all_of(_replaced(parts, number, edit.query)), edit.says)
        case q.AnyOf(parts):
            yield from _fewer(parts, view)
        case q.Sentence(parts):
            yield from _near(parts)
        case q.Near(left, right, words):
            nearest = gap(satisfy(left, view) or (), satisfy(right, view) or ()) or 0
            for distance in (one for one in (*_DISTANCES, 1) if one < min(words, nearest)):
                yield Edit(q.Near(left, right, distance), f"at most {distance} words apart")
        case q.In(scope, part):
            inside = view.within(scope)
            for edit in stricter(part, inside):
                yield Edit(q.In(scope, edit.query), edit.says)
            if scope is q.Scope.LEAD:
                yield Edit(q.In(q.Scope.TITLE, part), f"{called(part)} in the title, not in the lead")
            return
        case q.AtLeast(least, weighted):
            total = q.total(one.weight for one in weighted if satisfy(one.part, view) is not None)
            most = q.total(one.weight for one in weighted if one.weight > 0)
            if least <= total < most:
                yield Edit(
                    q.AtLeast(min(most, q.total((total, 1))), weighted),
                    f"the sum must reach {min(most, q.total((total, 1))):g}",
                )
        case q.Not() | q.Language() | q.Source():
            return
    for scope in (q.Scope.LEAD, q.Scope.TITLE):
        yield Edit(q.In(scope, query), f"{called(query)} in the {scope}")


def _together(parts: Sequence[q.Query]) -> Iterator[Edit]:
    """What stands anywhere: rather in one sentence, or near each other."""
    points = [part for part in parts if _is_loose(part)]
    others = [part for part in parts if not _is_loose(part)]
    if len(points) > 1:
        names = " and ".join(called(part) for part in points)
        yield Edit(all_of([q.Sentence(tuple(points)), *others]), f"{names} in one sentence")
        for edit in _near(points):
            yield Edit(all_of([edit.query, *others]), edit.says)


def _is_loose(part: q.Query) -> bool:
    """Whether a part is a mere name or word, or one of several."""
    return q.is_point(part) and not isinstance(part, q.Near)


def _near(parts: Sequence[q.Query]) -> Iterator[Edit]:
    if len(parts) == 2 and all(map(_is_loose, parts)):  # noqa: PLR2004  NEAR joins two
        for distance in _DISTANCES:
            names = f"{called(parts[0])} and {called(parts[1])}"
            yield Edit(q.Near(parts[0], parts[1], distance), f"{names} at most {distance} words apart")


def _fewer(parts: Sequence[q.Query], view: View) -> Iterator[Edit]:
    """Of alternatives, those that hold made stricter, or left out."""
    holding = [number for number, part in enumerate(parts) if satisfy(part, view) is not None]
    ways = [
        [edit for edit, _ in zip(stricter(parts[number], view), range(_COMBINED), strict=False)]
        for number in holding
    ]
    for edits in product(*ways) if len(holding) < 3 else zip(*ways, strict=False):  # noqa: PLR2004  else too many
        changed: Sequence[q.Query] = parts
        for number, edit in zip(holding, edits, strict=True):
            changed = _replaced(changed, number, edit.query)
        yield Edit(any_of(changed), "; ".join(dict.fromkeys(edit.says for edit in edits)))
    left = [part for number, part in enumerate(parts) if number not in holding]
    if left:
        yield Edit(any_of(left), f"without {' and '.join(called(parts[number]) for number in holding)}")


def looser(query: q.Query, view: View, candidates: Iterable[str] = ()) -> Iterator[Edit]:
    """Ways to make a condition that does not hold on a text hold on it.

    Args:
        query: the condition.
        view: the text.
        candidates: concepts that may be added to a name that is missing.
    """
    for edit in _looser(query, view, tuple(candidates)):
        if satisfy(edit.query, view) is not None:
            yield edit


def _looser(query: q.Query, view: View, candidates: tuple[str, ...]) -> Iterator[Edit]:  # noqa: C901, PLR0912  one for each node
    match query:
        case q.Named() | q.Word():
            for name in candidates:
                yield Edit(any_of([query, q.Named(name)]), f"{name} instead of {called(query)} as well")
        case q.Macro(name, part):
            for edit in looser(part, view, candidates):
                yield Edit(edit.query, f"in {name}, written out: {edit.says}")
        case q.AllOf(parts):
            yield from _more(parts, view, candidates)
        case q.AnyOf(parts):
            for number, part in enumerate(parts):
                for edit in looser(part, view, candidates):
                    yield Edit(any_of(_replaced(parts, number, edit.query)), edit.says)
        case q.Near(left, right, _):
            nearest = gap(satisfy(left, view) or (), satisfy(right, view) or ())
            if nearest is not None and nearest <= _FARTHEST:
                yield Edit(q.Near(left, right, nearest), f"up to {nearest} words apart")
            yield Edit(
                q.Sentence((left, right)), f"{called(left)} and {called(right)} anywhere in a sentence"
            )
            yield Edit(q.AllOf((left, right)), f"{called(left)} and {called(right)} anywhere")
        case q.Sentence(parts):
            if len(parts) > 1:
                yield Edit(all_of(parts), f"{' and '.join(map(called, parts))} not in one sentence")
                for number, part in enumerate(parts):
                    fewer = q.Sentence((*parts[:number], *parts[number + 1 :]))
                    if not q.is_silent(fewer):
                        yield Edit(fewer, f"without {called(part)}")
            for number, part in enumerate(parts):
                for edit in looser(part, view, candidates):
                    yield Edit(q.Sentence(tuple(_replaced(parts, number, edit.query))), edit.says)
        case q.In(scope, part):
            for edit in looser(part, view.within(scope), candidates):
                yield Edit(q.In(scope, edit.query), edit.says)
            if scope is q.Scope.TITLE:
                yield Edit(q.In(q.Scope.LEAD, part), f"{called(part)} in the lead, not only in the title")
            yield Edit(part, f"{called(part)} anywhere, not only in the {scope}")
        case q.Not(part):
            for inner in (q.Scope.LEAD, q.Scope.TITLE):
                yield Edit(q.Not(q.In(inner, part)), f"NOT {called(part)} in the {inner} only")
        case q.AtLeast(_, weighted):
            total = q.total(one.weight for one in weighted if satisfy(one.part, view) is not None)
            if total > 0:
                yield Edit(q.AtLeast(total, weighted), f"the sum must reach {total:g} only")


def _more(parts: Sequence[q.Query], view: View, candidates: tuple[str, ...]) -> Iterator[Edit]:
    """What all should hold: the parts that fail made looser, or left out."""
    failing = [number for number, part in enumerate(parts) if satisfy(part, view) is None]
    ways = [
        [edit for edit, _ in zip(looser(parts[number], view, candidates), range(_COMBINED), strict=False)]
        for number in failing
    ]
    for edits in product(*ways) if len(failing) < 3 else zip(*ways, strict=False):  # noqa: PLR2004  else too many
        changed: Sequence[q.Query] = parts
        for number, edit in zip(failing, edits, strict=True):
            changed = _replaced(changed, number, edit.query)
        yield Edit(all_of(changed), "; ".join(dict.fromkeys(edit.says for edit in edits)))
    left = [part for number, part in enumerate(parts) if number not in failing]
    if left and not all(map(q.is_silent, left)):
        yield Edit(all_of(left), f"without {' and '.join(called(parts[number]) for number in failing)}")


def _replaced(parts: Sequence[q.Query], number: int, part: q.Query) -> Sequence[q.Query]:
    return (*parts[:number], part, *parts[number + 1 :])
