"""Stories, updates and repeats: `python tests/bench/bench_stories.py [PART …] [--read N]`, all parts by default.

threading  reports of one development joined across languages, beside three simple ways; on labelled texts
novelty    updates told, repeats kept quiet; on labelled texts
wire       stories of our own, each rewritten many times, and follow-ups that state something new
figures    how many ways to write a number are read
cost       placing a text among 10,000 open stories, memory, and the same after a restart

`--read N` prints updates with what was named as new. The labelled texts are not part of the project: they are looked
for beside the checkout, and nothing of them is kept.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import story_cost
import story_wire
from story_baselines import baselines
from story_corpus import TOPIC, score
from story_novelty import novelty, read
from table import Line, show

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

try:
    import number_forms
except ImportError:
    number_forms = None


def main(wanted: Sequence[str]) -> int:
    """Run the parts that are wanted; 1 if a line misses what is wanted."""
    if wanted[:1] == ["--read"]:
        if not TOPIC.is_dir():
            return show([skipped("labelled texts", _ABSENT)])
        read(int(wanted[1]) if wanted[1:] else 30)
        return 0
    parts: dict[str, Callable[[], list[Line]]] = {
        "threading": on_corpus("threading", threading),
        "novelty": on_corpus("novelty", novelty),
        "wire": story_wire.wire,
        "figures": figures,
        "cost": story_cost.cost,
    }
    return show([line for name in wanted or parts for line in parts[name]()])


def threading() -> list[Line]:
    """Reports of one development, joined: Tumen, then the simple ways."""
    scored = score()
    bcubed, cross = scored["bcubed"], scored["cross"]
    found = [
        Line("stories: BCubed F1", _prf(bcubed), ">= 0.900", ok=bcubed["f1"] >= 0.9),
        Line("  pairs across languages: F1", _prf(cross), ">= 0.850", ok=cross["f1"] >= 0.85),
    ]
    for name, threshold, theirs, pairs in baselines():
        found += [
            Line(
                f"  {name}, best at {threshold:g}",
                f"{_prf(theirs)}   pairs {pairs['f1']:.3f}",
                "below",
                ok=theirs["f1"] < bcubed["f1"],
            )
        ]
    return found


def figures() -> list[Line]:
    """Numbers as people write them, and what looks like one and is none."""
    if number_forms is None:
        return [skipped("figures", "there is no number_forms.py")]
    right, forms, taken, others = number_forms.score()
    return [
        Line(
            "ways to write a number that are read",
            f"{right / forms:.3f}   {right} of {forms}",
            ">= 0.990 of >= 300",
            ok=right >= 0.99 * forms and forms >= 300,
        ),
        Line(
            "  taken for one that is none",
            f"{taken} of {others}",
            "0 of >= 100",
            ok=taken == 0 and others >= 100,
        ),
    ]


_ABSENT = f"there is no {TOPIC.parent.name}/{TOPIC.name} beside this checkout"


def on_corpus(name: str, part: Callable[[], list[Line]]) -> Callable[[], list[Line]]:
    """The part, or that it is skipped where there are no labelled texts."""
    return part if TOPIC.is_dir() else lambda: [skipped(name, _ABSENT)]


def skipped(what: str, why: str) -> Line:
    """A part that cannot be run here."""
    return Line(what, f"SKIPPED: {why}")


def _prf(score: dict[str, float]) -> str:
    return f"{score['f1']:.3f}   precision {score['p']:.3f}, recall {score['r']:.3f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
