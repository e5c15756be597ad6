"""Which rules nearly fired, and what each of them lacked."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.laboratory.background import Background
from monitor.core.laboratory.explaining import Account, Explainer, shown
from monitor.core.statements import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.reading import Reading
    from monitor.core.statements import Evidence
    from monitor.core.topic import Pack, Rule

_LEAST = 0.3  # a share below which a rule was not near
_MOST_OF_IT = 0.5  # a share from which "all there but" is a fair thing to say


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that did not fire, though something it asks for stands in the article.

    Attributes:
        rule: the rule.
        share: how much of what it needs stands there, from 0 to 1.
        lacks: what is missing, a clause each.
        evidence: what did stand.
        account: the whole story, every shared condition opened.
    """

    rule: Rule
    share: float
    lacks: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    account: Account

    @property
    def words(self) -> str:
        """What is missing, as one line. It quotes the article."""
        said = "all there but" if self.share >= _MOST_OF_IT else "lacks"
        return f"{said}: {'; '.join(self.lacks)}"


def near_misses(
    pack: Pack, reading: Reading, most: int = 3, *, background: Background | None = None
) -> tuple[NearMiss, ...]:
    """The rules that came nearest to firing on the article, the nearest first.

    Whoever asks about many articles hands over the `background` of the pack.
    """
    background = background or Background(pack)
    explainer = Explainer(pack, reading, background)
    accounts = [
        (rule, explainer.account(rule.query))
        for rule in pack.rules
        if not reading.keys.isdisjoint(background.keys_of(rule.query))
    ]
    missed = [one for one in accounts if not one[1].holds and one[1].share >= _LEAST]
    # Among equals the one that has more, then the more urgent, then in the pack's order.
    nearest = nlargest(most, missed, key=lambda one: (one[1].share, one[1].have, one[0].severity.rank))
    return tuple(
        NearMiss(rule, account.share, account.clauses, _stands(account), account) for rule, account in nearest
    )


def _stands(account: Account) -> tuple[Evidence, ...]:
    found = sorted(_held(account), key=lambda one: (one.field is Field.BODY, one.start, one.end, one.concept))
    return shown(found)


def _held(account: Account) -> Iterator[Evidence]:
    if account.holds:
        yield from account.evidence
    elif isinstance(account.query, q.AnyOf) and account.parts:
        yield from _held(account.nearest)
    elif not isinstance(account.query, q.Not):
        for part in account.parts:
            yield from _held(part)
