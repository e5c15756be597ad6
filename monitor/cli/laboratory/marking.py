"""Texts with the words that rules relied on: in colour on a terminal, as «words»[concept] elsewhere."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.text import Text

from monitor.cli.output import plain
from monitor.core.statements import Field
from monitor.core.text import fold
from monitor.notify.excerpt import one_line, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from monitor.core.statements import Evidence
    from spiders.items import Article

_COLOURS = ("bold yellow", "bold cyan", "bold green", "bold magenta", "bold blue", "bold red")
_WHOLE = 600  # a body up to this length is shown whole, a longer one by its sentences with evidence
_MOST = 8  # sentences
_BEFORE, _BEHIND = 400, 1200  # characters around evidence: a text may be one endless sentence


class Marker:
    """Gives every concept a colour of its own for as long as one screen is written."""

    def __init__(self, console: Console) -> None:
        self._coloured = console.is_terminal and not console.no_color
        self._colours: dict[str, str] = {}

    def title(self, article: Article, evidence: Iterable[Evidence]) -> Text:
        """The headline, or the beginning of the text where there is none."""
        if not article.title:
            return Text("(no title)", style="dim")
        inside = [one for one in evidence if one.field is Field.TITLE]
        if len(article.title) <= _WHOLE:
            return self._marked(article.title, inside)
        first = min((one.start for one in inside), default=0)  # a whole text may stand on the first line
        return self._marked(article.title, inside, max(first - _BEFORE, 0), first + _BEHIND)

    def body(self, article: Article, evidence: Iterable[Evidence]) -> list[Text]:
        """The body by its paragraphs, or, if it is long, the sentences in which evidence stands."""
        inside = [one for one in evidence if one.field is Field.BODY]
        if len(article.text) <= _WHOLE:
            pieces = [(0, len(article.text))] if article.text.strip() else []
        else:
            pieces = list(_passages(article.text, inside))
        return [self._marked(article.text, inside, start, end) for start, end in pieces]

    def words(self, evidence: Sequence[Evidence]) -> Text:
        """Which words stand for which concept: `dprk Nordkorea, Pjöngjang · russia Moskau`."""
        said: dict[str, dict[str, None]] = {}
        for one in evidence:
            said.setdefault(one.concept, {})[one_line(one.text)] = None
        shown = Text()
        for concept, texts in said.items():
            shown.append(" · " if shown else "")
            shown.append(plain(concept), style=self._colour(concept))
            shown.append(f" {', '.join(texts)}" if not concept.startswith('"') else "")
        return shown

    def _marked(self, text: str, evidence: list[Evidence], start: int = 0, end: int | None = None) -> Text:
        shown = Text()
        for span in spans(text, evidence, start, end):
            inside = "\n".join(map(plain, span.text.split("\n")))
            if not span.marked:
                shown.append(inside)
            elif self._coloured:
                shown.append(inside, style=self._colour(span.concept))
            else:
                shown.append(f"«{inside}»[{plain(span.concept)}]")
        shown.rstrip()
        return shown

    def _colour(self, concept: str) -> str:
        return self._colours.setdefault(concept, _COLOURS[len(self._colours) % len(_COLOURS)])


def _passages(text: str, evidence: Sequence[Evidence]) -> Iterator[tuple[int, int]]:
    """The sentences in which evidence stands, neighbours together."""
    folded = fold(text)
    starts = [folded.span(start, start + 1)[0] for start in folded.sentences if start < len(folded.text)]
    wanted = [
        (start, end)
        for start, end in pairwise([*starts, len(text)])
        if any(start <= one.start < end for one in evidence)
    ][:_MOST]
    if not wanted:
        yield 0, min(len(text), _WHOLE)
    joined: list[tuple[int, int]] = []
    for start, end in wanted:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    for start, end in joined:
        first = min(one.start for one in evidence if start <= one.start < end)
        yield max(start, first - _BEFORE), min(end, first + _BEHIND)
