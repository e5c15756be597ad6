"""Facts and what is new, from a line of output, in a few words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.statements import Bound, FactKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_BOUNDS = {
    Bound.EXACT: "",
    Bound.ABOUT: "about ",
    Bound.AT_LEAST: "at least ",
    Bound.MORE_THAN: "more than ",
    Bound.UP_TO: "up to ",
    Bound.LESS_THAN: "less than ",
}


def fact_in_words(fact: Mapping[str, Any]) -> str:
    """`more than 3,000 soldiers`, `kursk`, `denies, by russia`; concepts by the names that rules use."""
    by = f", by {fact['by']}" if "by" in fact else ""
    match fact["kind"]:
        case FactKind.FIGURE:
            return f"{_figure(fact)} {fact['concept']}{by}"
        case FactKind.DATE:
            return f"{_days(fact)}{by}"
        case FactKind.TITLE:
            return f"“{fact['text']}”"
    return f"{fact['concept']}{by}"


def novelty_in_words(new: Mapping[str, Any]) -> str:
    """The fact in words, with what was told before."""
    before = f", told before: {new['before']:,.10g}" if "before" in new else ""
    instead = f", instead of “{new['instead']}”" if "instead" in new else ""
    return f"{fact_in_words(new)}{before}{instead} ({new['newness']})"


def _figure(fact: Mapping[str, Any]) -> str:
    most = f"–{fact['most']:,.10g}" if "most" in fact else ""
    return f"{_BOUNDS[Bound(fact['bound'])]}{fact['value']:,.10g}{most}"


def _days(fact: Mapping[str, Any]) -> str:
    first, last = fact.get("first_day"), fact.get("last_day")
    if first is None:
        return str(fact["text"])
    return str(first) if first == last else f"{first} to {last}"
