"""How common are a pack's concepts before any article came in? As common as in its own examples."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.core.matching import Matcher


def commonness(matcher: Matcher) -> dict[str, Mapping[str, float]]:
    """For each pack by name, the share of its examples on topic in which a concept stands."""
    shares: dict[str, Mapping[str, float]] = {}
    for number, pack in enumerate(matcher.packs):
        examples = [example for rule in pack.rules for example in rule.must_fire]
        counts: Counter[str] = Counter()
        for example in examples:
            title, _, text = example.text.partition("\n")
            article = Article(url="", title=title, text=text, language=example.language)
            counts.update(matcher.read(article)[number].keys & pack.concepts.keys())
        shares[pack.name] = {concept: count / len(examples) for concept, count in counts.items()}
    return shares
