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
    return Implications().implies(narrow, wide)


class Implications:
    """Compares conditions of one pack. What they share is compared once, so they must stay as long as this does."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}
        self._growing: dict[int, bool] = {}

    def implies(self, narrow: q.Query, wide: q.Query) -> bool:
        """Whether `wide` is seen to hold wherever `narrow` does."""
        narrow, wide = _opened(narrow), _opened(wide)
        pair = (id(narrow), id(wide))
        if pair not in self._known:
            self._known[pair] = narrow is wide or self._compare(narrow, wide)
        return self._known[pair]

    def _compare(self, narrow: q.Query, wide: q.Query) -> bool:
        match wide:
            case q.AllOf(parts):
                return all(self.implies(narrow, part) for part in parts)
            case q.AnyOf(parts) if not isinstance(narrow, q.AnyOf):
                if any(self.implies(narrow, part) for part in parts):
                    return True
        match narrow:
            case q.AnyOf(parts):
                return all(self.implies(part, wide) for part in parts)
            case q.AllOf(parts):
                return any(self.implies(part, wide) for part in parts)
        return self._is_closer(narrow, wide) or self._holds_a_part(narrow, wide)

    def _is_closer(self, narrow: q.Query, wide: q.Query) -> bool:
        """The same for two of a kind."""
        match narrow, wide:
            case q.Not(less), q.Not(more):
                return self.implies(more, less)
            case q.Near(left, right, few), q.Near(other_left, other_right, many):
                return few <= many and self.implies(left, other_left) and self.implies(right, other_right)
            case q.Sentence(parts), q.Sentence(others):
                return all(any(self.implies(part, other) for part in parts) for other in others)
            case q.In(scope, part), q.In(other_scope, other) if other_scope in _WIDER[scope]:
                return (scope is other_scope or self._only_grows(part)) and self.implies(part, other)
            case (q.Named() | q.Word() | q.Language() | q.Source() | q.AtLeast(), _):
                return narrow == wide
        return False

    def _holds_a_part(self, narrow: q.Query, wide: q.Query) -> bool:
        """Whether a part of the narrow one, which holds somewhere in the text, will do anywhere."""
        if not isinstance(narrow, q.Near | q.Sentence | q.In):
            return False
        return any(self._only_grows(part) and self.implies(part, wide) for part in q.parts_of(narrow))

    def _only_grows(self, query: q.Query) -> bool:
        """Whether more text can only help the condition to hold."""
        if id(query) not in self._growing:
            weights = [one.weight for one in query.parts] if isinstance(query, q.AtLeast) else []
            parts = q.parts_of(query)
            self._growing[id(query)] = (
                not isinstance(query, q.Not)
                and min(weights, default=1) > 0
                and all(map(self._only_grows, parts))
            )
        return self._growing[id(query)]


def _opened(query: q.Query) -> q.Query:
    """A shared condition as its part, and a single part as itself."""
    match query:
        case q.Macro(_, part) | q.AllOf((part,)) | q.AnyOf((part,)):
            return _opened(part)
    return query
