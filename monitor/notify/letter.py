"""What a message about an alert says, piece by piece, in the reader's words. Templates only lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from monitor.core.models import AlertKind, FactKind, Field, Reason
from monitor.core.topic import Severity
from monitor.notify.excerpt import Span, clean, lead, one_line, shorten, spans

if TYPE_CHECKING:
    from monitor.core.models import Alert, Novelty
    from monitor.core.topic import Pack
    from monitor.notify.voice import Voice

_TITLE = 300  # characters of a title in the body; the longest honest headline of the trade has some 200
_SUBJECT = 150  # of the title in a subject; mail clients show 40 to 120
_TEASER = 180  # columns of the lead where it has one line; a Korean or Chinese character takes two
_WORD = 60  # of one evidence word
_WORDS = 6  # different words shown per concept
_CONCEPTS = 8  # concepts shown; the history has the others
_NEWS = 12  # new statements listed in the body
_SUBJECT_NEWS = 3  # and in the subject
_FSI, _PDI = (
    "\u2068",
    "\u2069",
)  # first-strong isolate and its end: the text inside orders itself, not its neighbours


@dataclass(frozen=True, slots=True)
class News:
    """One new statement: `label` and `value` as the reader says them, `words` as the article does.

    `brief` is the same in a subject, where there is room for a few words only.
    """

    label: str
    value: str
    words: str
    brief: str


@dataclass(frozen=True, slots=True)
class Found:
    """The words that made the rules fire, for one concept; `label` is empty if it is among the words."""

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it is laid out. Every text is clean of controls, none is escaped yet.

    `headline` is the subject without what frames it; `teaser` is the lead on one line; `more` says how many concepts
    were found besides `found`. `language_note` names the article's language if the reader's is another; `url` is
    empty unless it is http(s).
    """

    subject: str
    headline: str
    urgent: bool
    badges: tuple[str, ...]
    pack: str
    title: tuple[Span, ...]
    language: str
    language_note: str
    outlet: str
    time: str
    news: tuple[News, ...]
    lead: tuple[tuple[Span, ...], ...]
    teaser: tuple[Span, ...]
    url: str
    host: str
    story: str
    outlets: str
    languages: str
    rules: tuple[str, ...]
    found: tuple[Found, ...]
    more: str
    reason: str
    late: bool
    id: str

    @property
    def heading(self) -> str:
        """The title without marks."""
        return "".join(span.text for span in self.title)


def compose(alert: Alert, voice: Voice) -> Letter:
    """Everything a reader of `voice` needs to know about an alert. Pure."""
    pack = voice.packs.get(alert.pack)
    article = alert.article
    news = tuple(_news(item, pack, voice) for item in alert.new[:_NEWS])
    story = shorten(one_line(alert.story_title), _TITLE)
    title = _title(alert)
    heading = "".join(span.text for span in title)
    headline = _headline(alert, heading, news, voice)
    url, host = _link(article.url)
    found = _found(alert, pack, voice)
    return Letter(
        subject=_frame(alert, voice) + headline,
        headline=headline,
        urgent=alert.severity is Severity.URGENT,
        badges=_badges(alert, voice),
        pack=pack.label(voice.language) if pack else alert.pack,
        title=title,
        language=article.language or "",
        language_note="" if voice.same_language(article.language) else voice.language_name(article.language),
        outlet=shorten(one_line(alert.source), 80),
        time=_time(alert, voice),
        news=news,
        lead=lead(article.text, alert.evidence),
        teaser=_teaser(alert),
        url=url,
        host=host,
        story=story if alert.kind is AlertKind.UPDATE and story != heading else "",
        outlets=voice.number(alert.outlets),
        languages=voice.listing([voice.language_name(code) for code in alert.languages]),
        rules=tuple(_rule_label(name, pack, voice) for name in alert.rules),
        found=found[:_CONCEPTS],
        more=f"+{voice.number(len(found) - _CONCEPTS)}" if len(found) > _CONCEPTS else "",
        reason=voice.say(alert.reason.value) if alert.reason in (Reason.NEW_STORY, Reason.NEW_FACTS) else "",
        late=alert.late,
        id=voice.say("alert", id=str(alert.id)),
    )


def _title(alert: Alert) -> tuple[Span, ...]:
    """The original title with its evidence marked; plain if it has to be tidied, because offsets end there."""
    title = alert.article.title
    tidy = one_line(title)
    if not tidy or tidy != title or len(title) > _TITLE:
        return (Span(shorten(tidy, _TITLE) or _link(alert.article.url)[1] or one_line(alert.source)),)
    return spans(title, [item for item in alert.evidence if item.field is Field.TITLE])


def _frame(alert: Alert, voice: Voice) -> str:
    """`Urgent: Update: `, each word only if it is true."""
    frame = f"{voice.say('urgent')}: " if alert.severity is Severity.URGENT else ""
    return f"{frame}{voice.say('update')}: " if alert.kind is AlertKind.UPDATE else frame


def _headline(alert: Alert, heading: str, news: tuple[News, ...], voice: Voice) -> str:
    """`soldiers 10,000 → 12,000 — title`, or the title alone if nothing is new.

    A title in a foreign language gets the rule's name before it, if nothing else says what the matter is.
    """
    about = voice.listing([item.brief for item in news[:_SUBJECT_NEWS]])
    if not about and alert.rules and not voice.same_language(alert.article.language):
        about = _rule_label(alert.rules[0], voice.packs.get(alert.pack), voice)
    title = isolated(shorten(heading, _SUBJECT))
    return f"{about} — {title}" if about else title


def _teaser(alert: Alert) -> tuple[Span, ...]:
    """The lead in one line."""
    sample = alert.article.text[:_TEASER]
    wide = sum(east_asian_width(char) in "WF" for char in sample)
    limit = _TEASER * len(sample) // (len(sample) + wide) if sample else _TEASER
    pieces: list[Span] = []
    for paragraph in lead(alert.article.text, alert.evidence, limit):
        pieces += [Span(" "), *paragraph] if pieces else paragraph
    return tuple(pieces)


def _badges(alert: Alert, voice: Voice) -> tuple[str, ...]:
    urgent = (voice.say("urgent"),) if alert.severity is Severity.URGENT else ()
    late = (voice.say("late"),) if alert.late else ()
    return (*urgent, voice.say(alert.kind.value), *late)


def _news(item: Novelty, pack: Pack | None, voice: Voice) -> News:
    fact = item.fact
    name = _concept_label(fact.concept, pack, voice)
    words = shorten(one_line(fact.evidence.text), _WORD)
    if fact.kind is not FactKind.FIGURE:
        return News(voice.say(fact.kind.value), name, words, brief=name)
    value = "" if fact.value is None else voice.number(fact.value)
    if value and item.before is not None:
        # Plain arrows are not mirrored: in a right-to-left line the later figure stands on the left.
        arrow = "←" if voice.direction == "rtl" else "→"
        value = f"{voice.number(item.before)} {arrow} {value}"
    return News(name, value, words, brief=f"{name} {value}".strip())


def _found(alert: Alert, pack: Pack | None, voice: Voice) -> tuple[Found, ...]:
    """Evidence by concept, each word once whatever its case, in order of place."""
    words: dict[str, dict[str, str]] = {}
    for item in alert.evidence:
        word = shorten(one_line(item.text), _WORD)
        if word:
            words.setdefault(item.concept, {}).setdefault(word.casefold(), word)
    found = []
    for concept, seen in words.items():
        label = _concept_label(concept, pack, voice)
        found.append(Found("" if label.casefold() in seen else label, tuple(seen.values())[:_WORDS]))
    return tuple(found)


def _concept_label(name: str, pack: Pack | None, voice: Voice) -> str:
    concept = pack.concepts.get(name) if pack else None
    return concept.label(voice.language) if concept else name


def _rule_label(name: str, pack: Pack | None, voice: Voice) -> str:
    return (
        next((rule.label(voice.language) for rule in pack.rules if rule.name == name), name) if pack else name
    )


def _time(alert: Alert, voice: Voice) -> str:
    published = alert.article.published
    if published is None:
        return voice.say("found", time=voice.moment(alert.found_at))
    return voice.moment(published, day_only=alert.article.day_only)


def _link(url: str) -> tuple[str, str]:
    """The address and its host, both empty unless a reader can open it."""
    url = "".join(clean(url).split())
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    return (url, host.removeprefix("www.")) if parts.scheme in ("http", "https") and host else ("", "")


def isolated(text: str) -> str:
    """The text so that its direction does not reorder the frame around it, if its script could."""
    rtl = any("\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufeff" for char in text)
    return f"{_FSI}{text}{_PDI}" if rtl else text
