"""Does one condition hold wherever another does? Yes is certain; no only says that it is not easily seen."""

from __future__ import annotations

from monitor.core import query as q

_WIDER = {
    q.Scope.TITLE: {q.Scope.TITLE, q.Scope.LEAD},
    q.Scope.LEAD: {q.Scope.LEAD},
    q.Scope.BODY: {q.Scope.BODY},
}


def implies(narrow: q.Query, wide: q.Query) -> bool:
    """Whether `wide` holds, as far as can be seen from how they are written, wherever `narrow` does."""
    narrow, wide = _opened(narrow), _opened(wide)
    if narrow == wide:
        return True
    match wide:
        case q.AllOf(parts):
            return all(implies(narrow, part) for part in parts)
        case q.AnyOf(parts) if not isinstance(narrow, q.AnyOf):
            if any(implies(narrow, part) for part in parts):
                return True
    match narrow:
        case q.AnyOf(parts):
            return all(implies(part, wide) for part in parts)
        case q.AllOf(parts):
            return any(implies(part, wide) for part in parts)
    return _closer(narrow, wide)


def _closer(narrow: q.Query, wide: q.Query) -> bool:  # noqa: PLR0911  one for each pair that can be compared
    """The same for two conditions neither of which is an AND or OR that can be taken apart."""
    match narrow, wide:
        case q.Not(less), q.Not(more):
            return implies(more, less)
        case q.Near(left, right, few), q.Near(other_left, other_right, many) if few <= many:
            return implies(left, other_left) and implies(right, other_right)
        case q.Sentence(parts), q.Sentence(others):
            return all(any(implies(part, other) for part in parts) for other in others)
        case q.In(scope, part), q.In(other_scope, other) if other_scope in _WIDER[scope]:
            return implies(part, other) and (scope is other_scope or _only_grows(part))
    match narrow:
        case q.Near(left, right, _):
            return any(implies(part, wide) for part in (left, right))
        case q.Sentence(parts):
            return any(_only_grows(part) and implies(part, wide) for part in parts)
        case q.In(_, part):
            return _only_grows(part) and implies(part, wide)
    return False


def _opened(query: q.Query) -> q.Query:
    """A shared condition as its part, and a single part as itself."""
    match query:
        case q.Macro(_, part) | q.AllOf((part,)) | q.AnyOf((part,)):
            return _opened(part)
    return query


def _only_grows(query: q.Query) -> bool:
    """Whether more text can only help the condition to hold."""
    match query:
        case q.Not():
            return False
        case q.AtLeast(_, weighted):
            return all(one.weight > 0 and _only_grows(one.part) for one in weighted)
    return all(map(_only_grows, q.parts_of(query)))
