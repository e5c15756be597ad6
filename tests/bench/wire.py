"""Wire stories of our own, what outlets make of them, and what is reported next.

Each file of `wire` holds one story in one language: an agency text, the pieces that its rewrites are made of, and
follow-ups that quote the text at length but begin with something new. Everything is made the same way each time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import regex
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = Path(__file__).with_name("wire")
LANGUAGES = ("en", "de", "fr", "es", "pl", "ru", "uk", "ko", "ja", "zh")
LEAST, MOST = 0.40, 0.70  # how much of a follow-up is old at least; the sentence that fills it up goes beyond

_QUOTES = {
    "en": ("“", "”"), "de": ("„", "“"), "fr": ("« ", " »"), "es": ("«", "»"), "pl": ("„", "”"),
    "ru": ("«", "»"), "uk": ("«", "»"), "ko": ("“", "”"), "ja": ("「", "」"), "zh": ("“", "”"),
}  # fmt: skip
_OTHER_QUOTES = (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"), ("‘", "’"))
_OTHER_QUOTES_CJK = (("『", "』"), ("「", "」"), ("“", "”"))
_DASHES = regex.compile(" [–—] ")
_OTHER_DASHES = (" – ", " — ", " - ", " -- ")
_SENTENCE_END = regex.compile(r"(?<=[.!?][”»“]?)\s+(?![\p{Ll}–—])|(?<=。)(?!”)|(?<=。”)")

Paragraphs = list[str]


@dataclass(frozen=True)
class WireStory:
    """An agency's report: the first about its development."""

    name: str
    language: str
    title: str
    text: str


@dataclass(frozen=True)
class FollowUp:
    """A later report that repeats the old text below something new.

    Attributes:
        story: the name of the story.
        new: in which way it is new: `figure`, `stance`, `actor`, `place` or `deed`.
        says: what is new, in English.
    """

    story: str
    title: str
    text: str
    new: str
    says: str


@dataclass(frozen=True)
class _Parts:
    """A file: the paragraphs of the story, and lines to choose from."""

    language: str
    dateline: str
    paragraphs: tuple[str, ...]
    headlines: tuple[str, ...]
    leads: tuple[str, ...]
    bylines: tuple[str, ...]
    boilerplate: tuple[str, ...]
    background: tuple[str, ...]
    bridges: tuple[str, ...]
    synonyms: dict[str, str]
    figures: dict[str, list[str]]
    follow_ups: tuple[dict[str, str], ...]

    @property
    def space(self) -> str:
        """What stands between sentences."""
        return "" if self.language in {"ja", "zh"} else " "

    def sentences(self, paragraph: str) -> list[str]:
        """The sentences of a paragraph; what somebody is quoted with stays in one."""
        opening, closing = (quote.strip() for quote in _QUOTES[self.language])
        found: list[str] = []
        for sentence in str(_SENTENCE_END.sub("\0", paragraph)).rstrip("\0").split("\0"):
            if found and found[-1].count(opening) > found[-1].count(closing):
                found[-1] += self.space + sentence
            else:
                found.append(sentence)
        return found


def stories() -> tuple[WireStory, ...]:
    """The ten stories, of which none belongs to another."""
    return tuple(
        WireStory(
            _file(language)["name"],
            language,
            _file(language)["title"],
            "\n\n".join(_dated(parts, parts.paragraphs)),
        )
        for language, parts in ((language, _parts(language)) for language in LANGUAGES)
    )


def rewrites(story: WireStory, count: int = 40) -> tuple[tuple[str, str], ...]:
    """Title and text of so many rewrites, of which none is like another and none states anything new."""
    chance = random.Random(f"{story.name} rewritten")
    made = {story.text: story.title}
    while len(made) <= count:
        title, text = _rewrite(story, _parts(story.language), chance)
        made.setdefault(text, title)
    return tuple((title, text) for text, title in made.items() if text != story.text)


def follow_ups(story: WireStory) -> tuple[FollowUp, ...]:
    """The follow-ups of a story: the new above, the old below."""
    parts = _parts(story.language)
    return tuple(
        FollowUp(
            story.name,
            new["title"],
            _continued(parts, new, random.Random(f"{story.name} continued {number}")),
            new["new"],
            new["says"],
        )
        for number, new in enumerate(parts.follow_ups)
    )


def spellings(story: WireStory) -> frozenset[str]:
    """How rewrites of the story may spell its figures otherwise."""
    return frozenset(other for others in _parts(story.language).figures.values() for other in others)


def _rewrite(story: WireStory, parts: _Parts, chance: random.Random) -> tuple[str, str]:
    """One rewrite: what an editor, a style guide and a site's template do to a text, in this order."""
    title = chance.choice((*parts.headlines, story.title))
    body = list(parts.paragraphs)
    _edit(body, parts, chance)
    if chance.random() < 0.6:
        body[0] = chance.choice(parts.leads)
    if chance.random() < 0.4:
        body = _dated(parts, body)
    if chance.random() < 0.3:
        body.insert(chance.randint(1, len(body)), chance.choice(parts.background))
    _frame(body, parts, chance)
    return title, _set(body, parts, chance)


def _edit(body: Paragraphs, parts: _Parts, chance: random.Random) -> None:
    """Shorten the text or leave out a paragraph; swap paragraphs, leave out sentences, choose other words."""
    steps: list[tuple[float, Callable[[Paragraphs, _Parts, random.Random], None]]] = [
        (0.4, _swap),
        (0.4, _thin),
        (0.7, _reword),
        (0.5, _respell),
    ]
    (_shorten if chance.random() < 0.5 else _leave_out)(body, parts, chance)
    for likely, step in steps:
        if chance.random() < likely:
            step(body, parts, chance)


def _shorten(body: Paragraphs, parts: _Parts, chance: random.Random) -> None:
    """Keep the beginning: 30 to 80 % of the text, to the next sentence."""
    left = round(chance.uniform(0.3, 0.8) * sum(map(len, body)))
    for at, paragraph in enumerate(body):
        if len(paragraph) >= left:
            kept: list[str] = []
            while len(parts.space.join(kept)) < left and len(kept) < len(parts.sentences(paragraph)):
                kept = parts.sentences(paragraph)[: len(kept) + 1]
            body[at:] = [parts.space.join(kept)] if kept else []
            return
        left -= len(paragraph)


def _leave_out(body: Paragraphs, _parts: _Parts, chance: random.Random) -> None:
    """Leave out none, one or two paragraphs below the first."""
    for _ in range(chance.randint(0, 2)):
        del body[chance.randrange(1, len(body))]


def _swap(body: Paragraphs, _parts: _Parts, chance: random.Random) -> None:
    """Two paragraphs below the first change their places."""
    if len(body) > 2:
        one, other = chance.sample(range(1, len(body)), 2)
        body[one], body[other] = body[other], body[one]


def _thin(body: Paragraphs, parts: _Parts, chance: random.Random) -> None:
    """Leave out a sentence of some paragraphs."""
    for at in range(1, len(body)):
        sentences = parts.sentences(body[at])
        if len(sentences) > 1 and chance.random() < 0.3:
            del sentences[chance.randrange(len(sentences))]
            body[at] = parts.space.join(sentences)


def _reword(body: Paragraphs, parts: _Parts, chance: random.Random) -> None:
    """Some words give way to synonyms."""
    chosen = {word: other for word, other in parts.synonyms.items() if chance.random() < 0.5}
    body[:] = [_replaced(paragraph, chosen, parts) for paragraph in body]


def _respell(body: Paragraphs, parts: _Parts, chance: random.Random) -> None:
    """Some figures are spelled otherwise."""
    chosen = {
        figure: chance.choice(others) for figure, others in parts.figures.items() if chance.random() < 0.7
    }
    body[:] = [_replaced(paragraph, chosen, parts) for paragraph in body]


def _replaced(text: str, chosen: dict[str, str], parts: _Parts) -> str:
    """The text with whole words replaced, all of them at once; signs, where words are not written apart."""
    if not chosen:
        return text
    words = "|".join(regex.escape(word) for word in sorted(chosen, key=len, reverse=True))
    apart = parts.space and parts.language != "ko"
    pattern = rf"(?<![\w.,]|\d\s)(?:{words})(?!\w|[.,]\d)" if apart else rf"(?<!\d)(?:{words})"
    return str(regex.sub(pattern, lambda found: chosen[found.group()], text))


def _frame(body: Paragraphs, parts: _Parts, chance: random.Random) -> None:
    """What a site puts before, between and behind the paragraphs."""
    pieces = chance.sample(parts.boilerplate, 4)
    if chance.random() < 0.4:
        body.insert(chance.randint(1, len(body)), pieces[0])
    if chance.random() < 0.5:
        body.insert(0, chance.choice(parts.bylines))
    if chance.random() < 0.3:
        body.insert(0, pieces[1])
    if chance.random() < 0.6:
        body += pieces[2 : chance.randint(3, 4)]


def _set(body: Paragraphs, parts: _Parts, chance: random.Random) -> str:
    """The text in the quotes and dashes of another house."""
    text = "\n\n".join(body)
    if chance.random() < 0.5:
        others = _OTHER_QUOTES if parts.space else _OTHER_QUOTES_CJK
        for own, other in zip(_QUOTES[parts.language], chance.choice(others), strict=True):
            text = text.replace(own, other)
    if chance.random() < 0.5:
        text = _DASHES.sub(chance.choice(_OTHER_DASHES), text)
    return text


def _continued(parts: _Parts, new: dict[str, str], chance: random.Random) -> str:
    """The new lead, then the old one, the sentence with the old figure, and more until enough of it is old."""
    lead, bridge = new["lead"], chance.choice(parts.bridges) if chance.random() < 0.5 else ""
    fresh = len(lead) + len(bridge)
    share = chance.uniform(LEAST, MOST)
    wanted = fresh * share / (1 - share)  # so many signs of the old text
    old = new.get("old", "")
    chosen: dict[tuple[int, int], str] = {}
    for place, sentence in _to_quote(parts, old, chance):
        if sum(map(len, chosen.values())) >= wanted and (not old or old in "".join(chosen.values())):
            break
        chosen[place] = sentence
    quoted = [
        parts.space.join(chosen[place] for place in sorted(chosen) if place[0] == at)
        for at in dict.fromkeys(place[0] for place in sorted(chosen))
    ]
    return "\n\n".join(filter(None, (lead, bridge, *quoted)))


def _to_quote(parts: _Parts, old: str, chance: random.Random) -> list[tuple[tuple[int, int], str]]:
    """Every sentence with its place, as they are taken: the first, those with the old figure, on from anywhere."""
    every = [
        ((at, number), sentence)
        for at, paragraph in enumerate(parts.paragraphs)
        for number, sentence in enumerate(parts.sentences(paragraph))
    ]
    start = chance.randrange(1, len(every))
    first, rest = every[0], every[start:] + every[1:start]
    return [first, *sorted(rest, key=lambda one: not (old and old in one[1]))]


def _dated(parts: _Parts, body: tuple[str, ...] | Paragraphs) -> Paragraphs:
    """The paragraphs behind where and from whom they come."""
    return [f"{parts.dateline}{parts.space}{body[0]}", *body[1:]]


@cache
def _file(language: str) -> dict[str, Any]:
    text = (FILES / f"{language}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, yaml.BaseLoader)  # figures are words here: 2.400 stays as it is
    return content


@cache
def _parts(language: str) -> _Parts:
    file = _file(language)
    lines = {
        key: tuple(file[key].splitlines())
        for key in ("headlines", "leads", "bylines", "boilerplate", "background", "bridges")
    }
    return _Parts(
        language,
        file["dateline"],
        tuple(file["text"].strip().split("\n\n")),
        **lines,
        synonyms=file["synonyms"],
        figures=file["figures"],
        follow_ups=tuple(file["follow_ups"]),
    )
