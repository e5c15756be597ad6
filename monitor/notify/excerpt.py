"""Other people's text, made safe to show and short enough to read. Pure; nothing here knows a language by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

import regex

from monitor.core.statements import Evidence, Field
from monitor.core.text import letter_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Escape sequences go whole; then the controls but tab and newline, the bidi embeddings, overrides and isolates that
# can reorder what surrounds them, and lone surrogates, which no encoder takes.
_ESCAPE = regex.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")
_UNSAFE = regex.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb]"
)
_LINE_END = regex.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_PILE = regex.compile(r"(\p{M}{4})\p{M}+")  # no script stacks more; piles of marks paint over other lines
_GRAPHEME = regex.compile(r"\X")

# A sentence ends at a mark followed by space (not after "Dr." or "8."), at a full-width mark, or with its line. What
# ends none, as most characters, is passed at once: to ask at each of them takes eight times as long.
_SENTENCE = regex.compile(
    r"\S[^\n.!?…؟۔।。！？]*+[^\n]*?(?:"
    r"(?=[.!?…؟۔।])(?<![\s\p{Ps}]\p{Lu}\p{L}?|[\s\p{Ps}]\d{1,2}|\b\p{L}\.\p{L})"
    r"[.!?…؟۔।]+[\p{Pe}\p{Pf}\"'“]*(?=\s)"
    r"|[。！？]+[」』”’）]*|(?=\n)|$)"
)
# What chats act upon: mentions, rooms and tags, their markup, links that show other words than their address, and
# addresses, so that a message has no other link than ours.
_MENTION = regex.compile(
    r"@(?=[\p{L}\p{N}_*])|[#~](?=[\p{L}*])|<(?=[@!#:]|users/|https?:|mailto:|tel:)|\](?=\()|:(?=//)|(?<=\bwww)\."
)
JOINER = "\u2060"  # zero width, no break: invisible, and the trigger is none any more

# Anything of a right-to-left script, in its blocks and presentation forms.
_RTL = regex.compile(r"[\u0590-\u08ff\ufb1d-\ufeff]")
_FSI, _PDI = (
    "\u2068",
    "\u2069",
)  # first-strong isolate and its end: what is inside orders itself, not its neighbours

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of an excerpt; `marked` if it is evidence, of which `concept` is the first that it names."""

    text: str
    marked: bool = False
    concept: str = ""


def clean(text: str) -> str:
    """The text without anything that acts on a terminal, a header or its surroundings. Keeps its line ends."""
    if text.isprintable():  # as most short texts are: a page has hundreds
        return text if text.isascii() else str(_PILE.sub(r"\1", text))
    text = _LINE_END.sub("\n", _ESCAPE.sub("", text))
    return str(_PILE.sub(r"\1", _UNSAFE.sub("", text)))


def one_line(text: str) -> str:
    """The cleaned text on one line, runs of space as one."""
    return " ".join(clean(text).split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis included: cut between words if one ends near, never in a grapheme."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    kept = text[: _grapheme_start(text, limit - 1)]
    space = kept.rfind(" ")
    if space > limit * 2 // 3:
        kept = kept[:space]
    return kept.rstrip(" ,;:–—-") + ELLIPSIS


def defuse(text: str) -> str:
    """The text with mentions, masked links and addresses made harmless by an invisible joiner."""
    return str(_MENTION.sub(rf"\g<0>{JOINER}", text))


def isolated(text: str, *, always: bool = False) -> str:
    """The text so that its direction does not reorder the frame around it, if its script could.

    In a frame that runs from right to left every text could: `always`.
    """
    return f"{_FSI}{text}{_PDI}" if text and (always or _RTL.search(text)) else text


def spans(
    text: str, evidence: Iterable[Evidence], start: int = 0, end: int | None = None
) -> tuple[Span, ...]:
    """The part `start:end` of an original text, cleaned, with its evidence marked. Offsets are the original's."""
    end = len(text) if end is None else end
    pieces: list[Span] = []
    at = start
    for item in sorted(evidence, key=lambda one: (one.start, -one.end)):
        # An excerpt may cut evidence in two, and rules may overlap: mark what is inside and not marked yet.
        left, right = max(item.start, at), min(letter_end(text, item.end), end)
        if left >= right:
            continue
        pieces += [
            Span(clean(text[at:left])),
            Span(clean(text[left:right]), marked=True, concept=item.concept),
        ]
        at = right
    pieces.append(Span(clean(text[at:end])))
    return tuple(piece for piece in pieces if piece.text)


def lead(text: str, evidence: Sequence[Evidence], limit: int = 600) -> tuple[tuple[Span, ...], ...]:
    """Whole sentences around the first evidence of the body, as paragraphs of spans.

    The excerpt starts with the text if the first evidence is near, otherwise with the sentence before it. It has at
    most `limit` characters; only a single sentence that is longer is cut, at a word, with an ellipsis.
    """
    body = [item for item in evidence if item.field is Field.BODY]
    target = min((item.start for item in body), default=0)
    sentences = _sentences(text, target, limit)
    if not sentences:
        return ()
    hit = max(sum(1 for _ in takewhile(lambda span: span[0] <= target, sentences)) - 1, 0)
    first = 0 if sentences[hit][1] - sentences[0][0] <= limit else max(hit - 1, 0)
    if sentences[hit][1] - sentences[first][0] > limit:
        first = hit
    start = sentences[first][0]
    if sentences[first][1] - start > limit:
        return _window(text, body, sentences[first], target, limit)
    end = max(stop for _, stop in sentences[first:] if stop - start <= limit)
    before = (Span(f"{ELLIPSIS} "),) if text[:start].strip() else ()
    return _paragraphs((*before, *spans(text, body, start, end)))


def _sentences(text: str, target: int, limit: int) -> list[tuple[int, int]]:
    """Where the sentences around `target` begin and end; a text may have a million of them, a lead needs few."""
    begin = max(target - 4 * limit, 0)
    cut = int(begin > 0)  # the first one is, if it does not begin with the text
    found: list[tuple[int, int]] = []
    for hit in _SENTENCE.finditer(text, begin, target + 4 * limit):
        found.append(hit.span())
        # A lead begins at the target, or with the first sentence: what ends behind this one is beyond the limit.
        if len(found) > cut and hit.end() > max(target, found[cut][0]) + limit:
            break
    return found[cut:] or found


def _window(
    text: str, evidence: Sequence[Evidence], sentence: tuple[int, int], target: int, limit: int
) -> tuple[tuple[Span, ...], ...]:
    """A cut out of one endless sentence, with the evidence inside."""
    begin, stop = sentence
    start = begin if target - begin < limit // 2 else _word_start(text, target - limit // 4)
    end = min(stop, start + limit)
    if end < stop:
        space = text.rfind(" ", start + limit * 2 // 3, end)
        end = space if space > 0 else _grapheme_start(text, end)
    cut = spans(text, evidence, start, end)
    before = (Span(f"{ELLIPSIS} "),) if start > begin else ()
    after = (Span(ELLIPSIS),) if end < stop else ()
    return _paragraphs((*before, *cut, *after))


def _paragraphs(pieces: Iterable[Span]) -> tuple[tuple[Span, ...], ...]:
    """Spans in lines: a line end starts a new paragraph, empty ones vanish."""
    lines: list[list[Span]] = [[]]
    for piece in pieces:
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(replace(piece, text=part.replace("\t", " ")))
    return tuple(tuple(line) for line in lines if "".join(span.text for span in line).strip())


def _grapheme_start(text: str, at: int) -> int:
    """The last boundary between graphemes that is not after `at`."""
    # A window is enough: a grapheme that is longer than this is a pile of marks, and may be cut.
    base = max(at - 64, 0)
    boundary = base
    for hit in _GRAPHEME.finditer(text, base, min(at + 64, len(text))):
        if hit.end() > at:
            break
        boundary = hit.end()
    return boundary if boundary > base else at


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at, at + 40)
    return space + 1 if space >= 0 else _grapheme_start(text, at)
