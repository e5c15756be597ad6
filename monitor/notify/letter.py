"""What a message about an alert says, piece by piece, in the reader's words. Templates only lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from monitor.core.models import AlertKind, Reason
from monitor.core.statements import Field
from monitor.core.topic import Severity
from monitor.notify.excerpt import ELLIPSIS, Span, clean, isolated, lead, one_line, shorten, spans
from monitor.notify.gist import gist
from monitor.notify.news import tell
from monitor.notify.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.models import Alert
    from monitor.notify.gist import Piece
    from monitor.notify.news import News
    from monitor.notify.timeline import Stage
    from monitor.notify.translation import Translation
    from monitor.notify.voice import Voice

_TITLE = 300  # characters of a title in the body; the longest honest headline of the trade has some 200
_SUBJECT = 150  # of the title in a subject; mail clients show 40 to 120
_TEASER = 180  # columns of the lead where it has one line; a Korean or Chinese character takes two
_WORD = 60  # of one evidence word
_WORDS = 6  # different words shown per concept
_CONCEPTS = 8  # concepts shown; the history has the others
_NEWS = 12  # new statements listed in the body
_SUBJECT_NEWS = 3  # and in the subject
_SUBJECT_PIECES = 4  # what a report in a foreign language is about, together with what is new, in the subject
_TELLING = 2  # pieces that say what a report is about; a single one needs the rule's name beside it
_SEVERAL = 2
_NAMED = 8  # languages named of those in which a story was told


_TOLD = frozenset({Reason.NEW_STORY, Reason.NEW_FACTS, Reason.CHANGED})


@dataclass(frozen=True, slots=True)
class Found:
    """The words that made the rules fire, for one concept; `label` is empty if it is among the words."""

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it is laid out. Every text is clean of controls, none is escaped yet.

    Attributes:
        subject: one line.
        headline: the subject without what frames it.
        title: of the article, in its own language, with the evidence marked.
        language_note: the article's language, if the reader's is another.
        gist: what it is about, if the reader's language is another.
        spread: how many outlets in which languages have told it, and since when; empty for the only report.
        lead: the sentences around the evidence, as paragraphs; `teaser` is the same on one line.
        url: empty unless it is http(s).
        story: the development's title, if it is not the article's.
        timeline: the reports before this one; `earlier` says how many more there were.
        more: how many concepts were found besides `found`.
        reason: why it is told, in a sentence.
    """

    subject: str
    headline: str
    urgent: bool
    badges: tuple[str, ...]
    pack: str
    title: tuple[Span, ...]
    language: str
    language_note: str
    gist: tuple[str, ...]
    outlet: str
    time: str
    spread: str
    news: tuple[News, ...]
    lead: tuple[tuple[Span, ...], ...]
    teaser: tuple[Span, ...]
    translation: Translation | None
    url: str
    host: str
    story: str
    timeline: tuple[Stage, ...]
    earlier: str
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


def original(alert: Alert) -> tuple[str, str]:
    """The title and the lead of a letter as plain text: what a translation translates."""
    title = "".join(span.text for span in _title(alert))
    paragraphs = lead(alert.article.text, alert.evidence)
    return title, "\n".join("".join(span.text for span in paragraph) for paragraph in paragraphs)


def compose(alert: Alert, voice: Voice, translation: Translation | None = None) -> Letter:
    """Everything a reader of `voice` needs to know about an alert. Pure."""
    pack = voice.packs.get(alert.pack)
    article = alert.article
    foreign = not voice.same_language(article.language)
    about = gist(alert, voice) if foreign else ()  # the reader's own title and lead say it better
    news = tuple(tell(item, alert.pack, voice) for item in alert.new[:_NEWS])
    story = shorten(one_line(alert.story_title), _TITLE)
    title = _title(alert)
    heading = "".join(span.text for span in title)
    headline = _headline(alert, heading, news, about, voice)
    url, host = _link(article.url)
    found = _found(alert, voice)
    return Letter(
        subject=_frame(alert, voice) + headline,
        headline=headline,
        urgent=alert.severity is Severity.URGENT,
        badges=_badges(alert, voice),
        pack=pack.label(voice.language) if pack else alert.pack,
        title=title,
        language=article.language or "",
        language_note=voice.language_name(article.language) if foreign else "",
        gist=tuple(piece.text for piece in about),
        outlet=shorten(one_line(alert.source), 80),
        time=_time(alert, voice),
        spread=_spread(alert, voice),
        news=news,
        lead=lead(article.text, alert.evidence),
        teaser=_teaser(alert),
        translation=translation,
        url=url,
        host=host,
        story=story if alert.kind is AlertKind.UPDATE and story != heading else "",
        timeline=timeline(alert, voice),
        earlier=voice.and_more(alert.earlier - len(alert.timeline)),
        rules=tuple(voice.rule(alert.pack, name) for name in alert.rules),
        found=found[:_CONCEPTS],
        more=f"+{voice.number(len(found) - _CONCEPTS)}" if len(found) > _CONCEPTS else "",
        reason=voice.say(alert.reason.value) if alert.reason in _TOLD else "",
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


def _headline(alert: Alert, heading: str, news: Sequence[News], about: Sequence[Piece], voice: Voice) -> str:
    """`soldiers 10,000 → 12,000 — title`, or the title alone if nothing is new.

    A title in a foreign language gets what it is about before it, or if that is little the rule's name.
    """
    said = [item.brief for item in news[:_SUBJECT_NEWS]]
    if not voice.same_language(alert.article.language):
        heard = {item.fact.concept for item in alert.new[:_SUBJECT_NEWS]}
        said += [piece.text for piece in about if piece.concept not in heard]
        if len(said) < _TELLING and not news and alert.rules:
            said.insert(0, voice.rule(alert.pack, alert.rules[0]))
    title = isolated(shorten(heading, _SUBJECT))
    return f"{voice.listing(said[:_SUBJECT_PIECES])} — {title}" if said else title


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


def _found(alert: Alert, voice: Voice) -> tuple[Found, ...]:
    """Evidence by concept, each word once whatever its case, in order of place."""
    words: dict[str, dict[str, str]] = {}
    for item in alert.evidence:
        word = shorten(one_line(item.text), _WORD)
        if word:
            words.setdefault(item.concept, {}).setdefault(word.casefold(), word)
    found = []
    for concept, seen in words.items():
        label = voice.concept(alert.pack, concept)
        found.append(Found("" if label.casefold() in seen else label, tuple(seen.values())[:_WORDS]))
    return tuple(found)


def _time(alert: Alert, voice: Voice) -> str:
    published = alert.article.published
    if published is None:
        return voice.say("found", time=voice.moment(alert.found_at))
    return voice.moment(published, day_only=alert.article.day_only)


def _spread(alert: Alert, voice: Voice) -> str:
    """`14 outlets in 6 languages (Korean, English …), since 23 Oct, 14:05 CEST`; empty for the only report."""
    if alert.outlets < _SEVERAL and alert.kind is AlertKind.NEW:
        return ""
    told = voice.count("outlets", alert.outlets)
    if len(alert.languages) >= _SEVERAL:
        names = voice.listing([voice.language_name(code) for code in alert.languages[:_NAMED]])
        more = f" {ELLIPSIS}" if len(alert.languages) > _NAMED else ""
        count = voice.count("languages", len(alert.languages))
        told = voice.say("spread", outlets=told, languages=f"{count} ({names}{more})")
    if alert.since is None:
        return told
    return voice.listing([told, voice.say("since", time=voice.moment(alert.since, beside=alert.created_at))])


def _link(url: str) -> tuple[str, str]:
    """The address and its host, both empty unless a reader can open it."""
    url = "".join(clean(url).split())
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    return (url, host.removeprefix("www.")) if parts.scheme in ("http", "https") and host else ("", "")
