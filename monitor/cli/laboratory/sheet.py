"""How the laboratory shows texts, rules that fire, and what others lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.containers import Lines
from rich.text import Text

from monitor.cli.laboratory.marking import Marker
from monitor.cli.output import console, plain
from monitor.core import query as q
from monitor.core.statements import FactKind
from monitor.notify.excerpt import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.core.laboratory.explaining import Account
    from monitor.core.laboratory.nearing import NearMiss
    from monitor.core.models import Match
    from monitor.core.statements import Evidence, Fact
    from monitor.core.topic import Pack
    from spiders.items import Article

_DEEPEST = 4  # levels of a condition that are shown: deeper ones are shared conditions written out
_ALTERNATIVES = 3  # of a condition that are shown, the nearest


class Sheet:
    """One screen: whatever it shows, a concept has the same colour everywhere on it."""

    def __init__(self) -> None:
        self._console = console()
        self._marker = Marker(self._console)

    def say(self, text: str | Text, *, indent: int = 0, hang: int = 0, style: str = "") -> None:
        """A paragraph. On a terminal it is wrapped, `indent` from the left and `hang` more after its first line."""
        shown = Text(plain(text), style=style) if isinstance(text, str) else text
        lines = shown.split("\n")
        if self._console.is_terminal:
            width = max(self._console.width - indent - hang, 20)
            lines = Lines(piece for line in lines for piece in line.wrap(self._console, width))
        for number, line in enumerate(lines):
            line.rstrip()
            margin = Text(" " * (indent + (hang if number else 0)))
            self._console.print(margin.append_text(line), soft_wrap=True)

    def line(self, text: str, *, indent: int = 0, style: str = "") -> None:
        """One line, on a terminal cut where it ends."""
        shown = Text(" " * indent + plain(text), style=style)
        if self._console.is_terminal:
            shown.truncate(self._console.width, overflow="ellipsis")
        self._console.print(shown, soft_wrap=True)

    def gap(self) -> None:
        """An empty line."""
        self._console.print()

    def article(self, article: Article, evidence: Iterable[Evidence], about: Sequence[object] = ()) -> None:
        """Headline, what is known of the article, and the passages with evidence."""
        pieces = tuple(evidence)
        title = self._marker.title(article, pieces)
        title.stylize("bold")
        self.say(title)
        if any(about):
            self.say(" · ".join(one_line(str(one)) for one in about if one), style="dim")
        for passage in self._marker.body(article, pieces):
            self.say(passage, indent=2)

    def match(self, match: Match, label: str = "", *, note: str = "", indent: int = 0) -> None:
        """A rule that fires, and by which words."""
        line = Text().append("✓ ", style="green").append(match.rule, style="bold")
        about = (label, match.severity.value, match.pack, ", ".join(match.tags), note)
        line.append(f"  {' · '.join(filter(None, map(plain, about)))}")
        self.say(line, indent=indent, hang=4)
        self.say(self._marker.words(match.evidence), indent=indent + 4)

    def miss(self, miss: NearMiss, language: str = "en") -> None:
        """A rule that almost fired, what it lacks, and what did hold."""
        line = Text().append("○ ", style="yellow").append(miss.rule.name, style="bold")
        line.append(f"  {plain(miss.rule.label(language))}: {plain(miss.words)}")
        self.say(line, hang=4)
        if miss.evidence:
            held = Text("stands: ", style="dim")
            held.append_text(self._marker.words(miss.evidence))
            self.say(held, indent=4)

    def account(self, account: Account, depth: int = 0) -> None:
        """A condition with its parts: which hold, by which words, and what the others lack."""
        line = Text().append(*(("✓ ", "green") if account.holds else ("✗ ", "red")))
        weight = "" if account.weight is None else f"{account.weight:g} "
        line.append(plain(f"{weight}{account.name or account.condition}"))
        parts = _worth_showing(account) if depth < _DEEPEST else ()
        if account.lacks:
            line.append(f"  {plain(account.lacks)}", style="dim")
        elif account.evidence and not parts:
            line.append("  ").append_text(self._marker.words(account.evidence))
        self.say(line, indent=2 + 2 * depth, hang=4)
        for part in parts:
            self.account(part, depth + 1)

    def facts(self, facts: Sequence[Fact], pack: Pack, language: str = "en") -> None:
        """What the text states: figures one by one, the rest by kind."""
        for fact in facts:
            if fact.kind is FactKind.FIGURE:
                label = pack.concepts[fact.concept].label(language)
                self.say(f"{fact.value:,.10g} {label}: {one_line(fact.evidence.text)}", indent=2)
        for kind in FactKind:
            named = dict.fromkeys(
                pack.concepts[fact.concept].label(language) + (f" (by {fact.by})" if fact.by else "")
                for fact in facts
                if fact.kind is kind and kind is not FactKind.FIGURE and fact.concept
            )
            if kind is FactKind.DATE:
                named = dict.fromkeys(one_line(fact.evidence.text) for fact in facts if fact.kind is kind)
            if named:
                self.say(f"{kind.value}: {', '.join(named)}", indent=2)


def _worth_showing(account: Account) -> tuple[Account, ...]:
    """The parts that say more than the condition itself: of alternatives those that hold, or have something."""
    match account.query:
        case q.Macro() | q.In():
            return _worth_showing(account.parts[0]) if account.parts else ()
        case q.Not():
            return ()
        case q.AnyOf():
            held = [part for part in account.parts if (part.holds if account.holds else part.have)]
            return tuple(sorted(held, key=lambda part: -part.share)[:_ALTERNATIVES])
    return account.parts


def rule_label(pack: Pack | None, name: str) -> str:
    """What a reader calls a rule; nothing if the pack no longer has it."""
    rule = pack.rule(name) if pack else None
    return rule.label("en") if rule else ""


def match_row(match: Match) -> dict[str, Any]:
    """A match as JSON."""
    return {
        "pack": match.pack,
        "version": match.version,
        "rule": match.rule,
        "severity": match.severity.value,
        "score": match.score,
        "evidence": list(map(evidence_row, match.evidence)),
    }


def miss_row(miss: NearMiss) -> dict[str, Any]:
    """A near miss as JSON."""
    return {
        "rule": miss.rule.name,
        "share": round(miss.share, 3),
        "lacks": list(miss.lacks),
        "evidence": list(map(evidence_row, miss.evidence)),
    }


def evidence_row(piece: Evidence) -> dict[str, Any]:
    """Words of a text as JSON; offsets count characters of its title or text."""
    return {
        "field": piece.field.value,
        "start": piece.start,
        "end": piece.end,
        "text": piece.text,
        "concept": piece.concept,
    }


def account_row(account: Account) -> dict[str, Any]:
    """A condition with its parts as JSON."""
    return {
        "condition": account.condition,
        "holds": account.holds,
        "lacks": account.lacks,
        "evidence": list(map(evidence_row, account.evidence)),
        "parts": list(map(account_row, account.parts)),
    }


def fact_row(fact: Fact) -> dict[str, Any]:
    """A fact as JSON."""
    row: dict[str, Any] = {"kind": fact.kind.value, "concept": fact.concept, "text": fact.evidence.text}
    if fact.kind is FactKind.FIGURE:
        row["value"] = fact.value
    return row | {"by": fact.by} if fact.by else row
