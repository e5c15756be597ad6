from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerting import Candidate, Freshness, Route, decide, is_recent
from monitor.core.delivery.deliveries import Recipient
from monitor.core.models import AlertKind, Match, Reason
from monitor.core.novelty import as_told
from monitor.core.sources.revisiting import Page
from monitor.core.statements import Evidence, Fact, FactKind, Field, Newness
from monitor.core.stories import Placement
from monitor.core.topic import Severity
from spiders.items import Article

FRESH = Freshness()
NEW, KNOWN, COPY = Placement(None, 0.0, False), Placement(7, 0.5, False), Placement(7, 0.9, True)


def figure(value, start=0):
    return Fact(
        FactKind.FIGURE, "soldiers", float(value), Evidence(Field.TITLE, start, start + 2, "xx", "soldiers")
    )


def match(rule="troops", pack="p", severity=Severity.NORMAL, tags=()):
    return Match(pack, "v", rule, severity, 1.0, (), tags)


def route(channel="mail", *keys, **wants):
    return Route(channel, tuple(Recipient(channel, key) for key in keys or ("anna",)), **wants)


@pytest.fixture(scope="session")
def candidate(now, make_pack):
    pack = make_pack()

    def make(placement=NEW, *, published=now - timedelta(minutes=5), title="Ten thousand", **changes):
        values = {
            "article": Article("https://a.example/1", title, "", published=published),
            "pack": pack if placement else None,
            "matches": (match(),) if placement else (),
            "facts": (figure(10_000),),
            "placement": placement,
            "found_at": now,
            "first_look": False,
        }
        return Candidate(**(values | changes))

    return make


def told_nothing(story, channel):
    return None


def told(*facts):
    return lambda story, channel: as_told(facts) if story is not None else None


def test_an_article_off_topic_is_told_to_nobody(candidate):
    decision = decide(candidate(None), [route()], told_nothing, FRESH)
    assert (decision.reason, decision.alerts) == (Reason.NO_RULE_MATCHED, ())


def test_the_first_report_is_told_to_everybody_who_wants_it_in_one_alert(candidate):
    decision = decide(candidate(), [route("mail", "anna", "ben"), route("chat", "room")], told_nothing, FRESH)
    (alert,) = decision.alerts
    assert (decision.reason, alert.kind, alert.new, alert.late) == (
        Reason.NEW_STORY,
        AlertKind.NEW,
        (),
        False,
    )
    assert [(who.channel, who.key) for who in alert.recipients] == [
        ("mail", "anna"),
        ("mail", "ben"),
        ("chat", "room"),
    ]


def test_a_report_that_repeats_is_told_to_nobody(candidate):
    assert decide(candidate(KNOWN), [route()], told(figure(10_000)), FRESH).reason is Reason.REPEAT
    assert decide(candidate(COPY), [route()], told(figure(10_000)), FRESH).reason is Reason.SAME_TEXT


def test_a_new_figure_is_told_with_the_one_before(candidate):
    decision = decide(candidate(KNOWN), [route()], told(figure(3_000)), FRESH)
    (alert,) = decision.alerts
    assert (decision.reason, alert.kind) == (Reason.NEW_FACTS, AlertKind.UPDATE)
    assert [(new.fact.value, new.before) for new in alert.new] == [(10_000, 3_000)]


def test_channels_that_know_different_things_hear_different_things(candidate):
    known = {"old": (figure(10_000),), "late": (figure(3_000),), "fresh": None}
    routes = [route(name) for name in known]
    decision = decide(
        candidate(KNOWN),
        routes,
        lambda _, channel: as_told(known[channel]) if known[channel] else None,
        FRESH,
    )
    heard = {who.channel: alert.kind for alert in decision.alerts for who in alert.recipients}
    assert heard == {"late": AlertKind.UPDATE, "fresh": AlertKind.NEW}


@pytest.mark.parametrize(
    ("wants", "hears"),
    [
        ({}, True),
        ({"packs": frozenset({"p"})}, True),
        ({"packs": frozenset({"q"})}, False),
        ({"rules": frozenset({"troops"})}, True),
        ({"rules": frozenset({"arms"})}, False),
        ({"tags": frozenset({"military", "sport"})}, True),
        ({"tags": frozenset({"trade"})}, False),
        ({"tags": frozenset({"military"}), "rules": frozenset({"arms"})}, False),
        ({"at_least": Severity.NORMAL}, True),
        ({"at_least": Severity.HIGH}, False),
        ({"packs": frozenset({"p"}), "rules": frozenset({"troops"}), "at_least": Severity.URGENT}, False),
    ],
)
def test_a_channel_hears_what_it_wants(candidate, wants, hears):
    matches = (match(tags=("military", "troops")),)
    decision = decide(candidate(matches=matches), [route(**wants)], told_nothing, FRESH)
    assert bool(decision.alerts) is hears
    assert decision.reason is (Reason.NEW_STORY if hears else Reason.NO_CHANNEL)


def test_one_match_must_meet_all_wishes_of_a_channel(candidate):
    matches = (match("troops", "p", Severity.LOW), match("arms", "q", Severity.URGENT))
    picky = route(packs=frozenset({"p"}), at_least=Severity.HIGH)
    assert decide(candidate(matches=matches), [picky], told_nothing, FRESH).reason is Reason.NO_CHANNEL
    matches = (match("troops", tags=("military",)), match("arms", severity=Severity.URGENT))
    picky = route(tags=frozenset({"military"}), at_least=Severity.HIGH)
    assert decide(candidate(matches=matches), [picky], told_nothing, FRESH).reason is Reason.NO_CHANNEL


def test_without_channels_nothing_is_told(candidate):
    assert decide(candidate(), [], told_nothing, FRESH).reason is Reason.NO_CHANNEL


@pytest.mark.parametrize(
    ("hours", "first_look", "reason", "late"),
    [
        (1, True, Reason.NEW_STORY, False),
        (23, True, Reason.NEW_STORY, True),
        (25, True, Reason.BASELINE, None),
        (None, True, Reason.BASELINE, None),
        (25, False, Reason.NEW_STORY, True),
        (None, False, Reason.NEW_STORY, False),
        (3, False, Reason.NEW_STORY, False),
        (3.1, False, Reason.NEW_STORY, True),
    ],
)
def test_old_news_is_baseline_at_the_first_look_and_late_afterwards(
    candidate, now, hours, first_look, reason, late
):
    published = None if hours is None else now - timedelta(hours=hours)
    decision = decide(candidate(published=published, first_look=first_look), [route()], told_nothing, FRESH)
    assert decision.reason is reason
    assert [alert.late for alert in decision.alerts] == ([] if late is None else [late])


@given(
    st.sampled_from([None, NEW, KNOWN, COPY]),
    st.lists(st.sampled_from(["mail", "chat", "phone"]), max_size=3, unique=True),
    st.sampled_from([None, (), (figure(10_000),), (figure(20),)]),
    st.one_of(st.none(), st.integers(0, 100)),
    st.booleans(),
)
def test_every_decision_has_a_reason_that_fits(candidate, now, placement, channels, known, hours, first_look):
    published = None if hours is None else now - timedelta(hours=hours)
    given_ = candidate(placement, published=published, first_look=first_look)
    decision = decide(
        given_,
        [route(name) for name in channels],
        lambda *_: known if known is None else as_told(known),
        FRESH,
    )
    assert (decision.reason in {Reason.NEW_STORY, Reason.NEW_FACTS}) is bool(decision.alerts)
    recipients = [who for alert in decision.alerts for who in alert.recipients]
    assert len(recipients) == len(set(recipients))
    for alert in decision.alerts:
        assert alert.recipients
        assert bool(alert.new) is (alert.kind is AlertKind.UPDATE)


def page(title="Ten thousand", facts=(), told=("mail",), headlines=()):
    return Page(7, title, "", facts, frozenset(told), headlines)


def test_a_page_that_was_told_and_says_something_else_now_is_an_update(candidate):
    asked = candidate(KNOWN, page=page("Talks fail at the last moment", (figure(10_000),)))
    (alert,) = decide(asked, [route()], told(figure(10_000)), FRESH).alerts
    (new,) = alert.new
    assert (alert.kind, alert.reason) == (AlertKind.UPDATE, Reason.CHANGED)
    assert (new.kind, new.instead) == (Newness.CHANGED, "Talks fail at the last moment")


def test_a_page_that_was_told_and_has_another_figure_now_is_an_update_with_the_one_before(candidate):
    asked = candidate(KNOWN, page=page("Three thousand, ten thousand", (figure(3_000),)))
    (alert,) = decide(asked, [route()], told_nothing, FRESH).alerts
    assert alert.reason is Reason.CHANGED
    assert [(new.fact.value, new.before) for new in alert.new] == [(10_000, 3_000)]


def test_a_page_of_which_only_a_few_letters_changed_is_a_repeat(candidate):
    asked = candidate(KNOWN, page=page("Ten thousand!", (figure(10_000),)))
    assert decide(asked, [route()], told_nothing, FRESH).reason is Reason.REPEAT


def test_a_headline_that_was_told_is_not_told_again_when_it_returns(candidate):
    other = page("Talks fail at the last moment", (figure(10_000),), headlines=("Ten thousand", "Talks fail"))
    assert decide(candidate(KNOWN, page=other), [route()], told_nothing, FRESH).reason is Reason.REPEAT


@pytest.mark.parametrize("title", ["🔥🔥", "…", "?!"])
def test_a_headline_without_a_letter_is_not_changed_when_it_stays(candidate, title):
    asked = candidate(KNOWN, title=title, page=page(title, (figure(10_000),)))
    assert decide(asked, [route()], told_nothing, FRESH).reason is Reason.REPEAT


def test_who_was_not_told_about_a_page_hears_of_its_changed_version_as_of_any_other(candidate):
    asked = candidate(KNOWN, page=page("Talks fail", told=("mail",)))
    decision = decide(asked, [route("chat")], told_nothing, FRESH)
    assert decision.reason is Reason.NEW_STORY


def test_what_has_no_date_is_not_known_to_be_recent(now):
    assert not is_recent(None, now, timedelta(days=999))
    assert is_recent(now, now, timedelta())
