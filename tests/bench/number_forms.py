"""How well figures are read: `python tests/bench/number_forms.py`, by language.

The forms lie beside the tests of numbers: what news writes, with what it counts, and numbers that count nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.figures import figures
from monitor.core.matching import Matcher
from monitor.core.statements import Bound
from monitor.packs import load_pack
from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.statements import Fact
    from monitor.core.topic import Pack

FOLDER = Path(__file__).parents[1] / "core" / "numbers"


@dataclass(frozen=True, slots=True)
class Form:
    """A phrase with the one figure that stands in it."""

    language: str
    text: str
    unit: str
    value: float
    most: float | None
    bound: Bound


def forms() -> tuple[Form, ...]:
    """What news writes."""
    return tuple(_form(language, line) for language, line in _lines("forms.txt"))


def non_figures() -> tuple[tuple[str, str], ...]:
    """Numbers that count nothing: language and text."""
    return tuple(_lines("non_figures.txt"))


def stated(text: str, language: str) -> tuple[Fact, ...]:
    """The figures that are read in a headline, by the units of the shipped pack."""
    matcher, pack = _shipped()
    article = Article("https://a.example/1", text, "", language=language)
    return tuple(fact for reading in matcher.read(article) for fact in figures(reading, pack))


def is_right(form: Form) -> bool:
    """Whether the figure, and nothing else, is read."""
    found = [(fact.concept, fact.value, fact.most, fact.bound) for fact in stated(form.text, form.language)]
    return found == [(form.unit, form.value, form.most, form.bound)]


def score() -> tuple[int, int, int, int]:
    """How many forms are right, of how many; how many of the others are taken for figures, of how many."""
    taken = sum(bool(stated(text, language)) for language, text in non_figures())
    return sum(map(is_right, forms())), len(forms()), taken, len(non_figures())


def _form(language: str, line: str) -> Form:
    text, _, meant = line.rpartition(" | ")
    unit, value, *bound = meant.split()
    least, _, most = value.partition("-")
    return Form(language, text, unit, float(least), float(most) if most else None, Bound(*bound or ["exact"]))


def _lines(name: str) -> Iterator[tuple[str, str]]:
    language = ""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = line.strip("[]")
        elif line and not line.startswith("#"):
            yield language, line


@cache
def _shipped() -> tuple[Matcher, Pack]:
    pack = load_pack(files("rules") / "dprk-russia")
    return Matcher([pack]), pack


def main() -> None:
    """Print the figures, and what is wrong."""
    right, of = Counter[str](), Counter[str]()
    for form in forms():
        of[form.language] += 1
        right[form.language] += is_right(form)
        if not is_right(form):
            _say(form.language, form.text, stated(form.text, form.language))
    for language, text in non_figures():
        if found := stated(text, language):
            _say(language, text, found)
    print(*(f"{language} {right[language]}/{of[language]}" for language in of), sep=", ")
    good, phrases, taken, others = score()
    print(f"{good} of {phrases} forms right, {taken} of {others} non-figures taken")


def _say(language: str, text: str, found: tuple[Fact, ...]) -> None:
    print("✗", language, text, [(fact.concept, fact.value, fact.most, fact.bound.value) for fact in found])


if __name__ == "__main__":
    main()
