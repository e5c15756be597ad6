from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.models import Pending
from monitor.core.sources.revisiting import (
    TIMETABLE,
    Visit,
    difference,
    figures,
    is_missing,
    next_visit,
    says_the_same,
    visit_after,
)
from monitor.core.statements import Bound, Evidence, Fact, FactKind, Field
from spiders.items import Article, CrawlReport, Entry, Outcome, Validators

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
URL = "https://a.example/news/1"
TITLE = "North Korea sends 3,000 soldiers to Russia"
TEXT = "Seoul said on Thursday that 3,000 soldiers had left.\nThey travelled by train, the ministry added."
VISIT = Visit(1, URL, URL, Pending(Entry(URL), "a", "en", NOW), TITLE, TEXT, NOW, Validators('"1"'))
SENTENCES = st.lists(
    st.sampled_from(
        [
            "북한군 3천 명이 러시아로 떠났다고 국정원이 밝혔다.",
            "据韩国国家情报院称，三千名士兵已经抵达俄罗斯。",
            "قال مسؤول إن الجنود وصلوا إلى روسيا؟",
            "Seoul said that 3,000 soldiers had left. 🪖",
            "Le ministère confirme « l’arrivée » des soldats.",
            "Солдаты прибыли в Курск на поезде.",
        ]
    ),
    min_size=1,
    max_size=6,
)
BOILERPLATE = st.sampled_from(
    [
        "Updated 14:32",
        "Comments (12)",
        "5 minutes ago",
        "Share on X",
        "입력 2026.11.26 15:02",
        "Опубликовано: четверг, 26 ноября 2026 года в 15:02 по Москве",
        "",
        "  ",
    ]
)
SPACES = st.sampled_from(["\n", "\n\n", " \n\t\n", "\r\n", "\u00a0\n"])


def same(text, other, title=TITLE, other_title=TITLE):
    return says_the_same(title, text, other_title, other)


@given(SENTENCES, st.data())
def test_boilerplate_space_and_line_breaks_change_nothing(sentences, data):
    lines = list(sentences)
    for line in data.draw(st.lists(BOILERPLATE, max_size=4)):
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    other = data.draw(SPACES).join(lines)
    assert same("\n".join(sentences), other)
    assert same(other, "\n".join(sentences))


@given(SENTENCES, SENTENCES)
def test_other_sentences_are_another_version(one, other):
    assert same("\n".join(one), "\n".join(other)) == (one == other)


@given(st.text(max_size=300), st.text(max_size=300))
def test_every_version_says_what_it_says_itself(title, text):
    assert says_the_same(title, text, title, text)
    assert says_the_same(title, text, f" {title} ", text + "\n\n")


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_whether_two_say_the_same_does_not_depend_on_their_order(title, one, other):
    assert says_the_same(title, one, title, other) == says_the_same(title, other, title, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He said so (updated 14:32).", "He said so (updated 15:10)."),
        ("14:32 KST He said so.", "15:02 KST He said so."),
        ("See https://a.example/x?utm_source=y now.", "See https://a.example/x?utm_source=z now."),
        ("“He said so,” it reads.", '"He said so", it reads.'),
        ("Солдаты прибыли в Курск.", "СОЛДАТЫ прибыли  в Курск."),
        ("북한군이 떠났다.", "북한군이 떠났다."),
    ],
)
def test_type_clocks_and_tracking_are_no_change(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It sent 3,000 soldiers.", "It sent 10,000 soldiers."),
        ("It fell by 5%.", "It fell by 5."),
        ("It cost $5.", "It cost €5."),
        ("The train left at 14:32.", "The train left at 15:32."),
        ("Killed: 12\nWounded: 7", "Killed: 15\nWounded: 7"),
        ("They arrived.", "They arrived.\nSeoul denies it."),
        ("三千名士兵抵达", "三万名士兵抵达"),
    ],
)
def test_what_is_said_is_a_change(one, other):
    assert not same(one, other)


def test_another_title_is_a_change_whatever_the_text_says():
    assert not same(TEXT, TEXT, other_title="North Korea sends 10,000 soldiers to Russia")
    assert same(TEXT, TEXT, other_title=f"{TITLE} ")


def test_a_page_is_visited_on_a_decaying_timetable_and_then_no_more():
    found, now = [], NOW
    while (due := next_visit(NOW, now)) is not None:
        found.append(due - NOW)
        now = due
    assert found == list(TIMETABLE)
    assert found == [timedelta(hours=h) for h in (0.25, 1, 3, 9, 27, 81)]


def test_visits_that_were_slept_through_are_not_made_up_for():
    assert next_visit(NOW, NOW + timedelta(hours=4)) == NOW + timedelta(hours=9)


def report(reason="", url=URL, article=None, **more):
    return CrawlReport("", Outcome.FAILED if reason else Outcome.OK, reason, url=url, article=article, **more)


def test_a_page_that_was_not_found_is_asked_for_again_soon_and_is_gone_the_second_time():
    late = NOW + timedelta(hours=81)
    assert visit_after(VISIT, report("http_404"), 1, late) == late + timedelta(hours=1)
    assert visit_after(VISIT, report("http_404"), 1, NOW) == NOW + timedelta(minutes=15)
    assert visit_after(VISIT, report("http_404"), 2, NOW) is None
    assert visit_after(VISIT, report(), 0, late) is None


@pytest.mark.parametrize("wish", [7200.0, 1e12, float("nan"), -5.0])
def test_a_server_that_asks_to_wait_is_obeyed_within_a_day(wish):
    due = visit_after(VISIT, report("http_429", retry_after=wish), 0, NOW)
    assert NOW + timedelta(minutes=15) <= due <= NOW + timedelta(days=1)
    assert wish != 7200.0 or due == NOW + timedelta(hours=2)


@pytest.mark.parametrize("reason", ["http_404", "http_410"])
def test_a_page_that_is_refused_as_gone_is_missing(reason):
    assert is_missing(VISIT, report(reason))


@pytest.mark.parametrize("reason", ["timeout", "http_500", "http_403", "robots", "no_text"])
def test_a_page_that_cannot_be_read_for_now_is_not_missing(reason):
    assert not is_missing(VISIT, report(reason))
    assert not is_missing(VISIT, replace(report(reason), url=""))


def test_a_page_that_leads_home_is_missing_whatever_stands_there():
    home = Article("https://a.example/", TITLE, TEXT)
    assert is_missing(VISIT, report(url="https://a.example/", article=home))
    assert is_missing(VISIT, report("no_text", url="https://a.example"))


def test_a_page_that_moved_is_known_by_what_it_says():
    there = "https://a.example/news/1-new-slug"
    moved = Article(there, "Another headline", TEXT + "\nAnd Seoul denies it.")
    other = Article(there, "Page not found", "Try our search, or go to the start page.")
    assert not is_missing(VISIT, report(url=there, article=moved))
    assert is_missing(VISIT, report(url=there, article=other))
    assert is_missing(VISIT, report("no_text", url=there))


def test_a_page_that_was_rewritten_where_it_stands_is_not_missing():
    assert not is_missing(VISIT, report(article=Article(URL, "All new", "Nothing of it stayed.")))


def fact(value, kind=FactKind.FIGURE, bound=Bound.EXACT):
    return Fact(kind, "soldiers", value, Evidence(Field.BODY, 0, 1, "x", "soldiers"), bound=bound)


def test_a_difference_names_title_paragraphs_and_figures():
    after = "Seoul said on Thursday that 10,000 soldiers had left.\n\nThey travelled by train, the ministry added."
    found = difference((TITLE, TEXT, [fact(3e3)]), ("Now 10,000", f"{after}\nIt is a first.", [fact(1e4)]))
    assert found.title == (TITLE, "Now 10,000")
    assert found.removed == ("Seoul said on Thursday that 3,000 soldiers had left.",)
    assert found.added == ("Seoul said on Thursday that 10,000 soldiers had left.", "It is a first.")
    assert [one.value for one in found.figures_added] == [1e4]
    assert [one.value for one in found.figures_removed] == [3e3]


@given(st.text(max_size=200), st.text(max_size=200))
def test_there_is_no_difference_to_itself_and_back_is_the_reverse(one, other):
    there, back = difference(("", one, []), ("", other, [])), difference(("", other, []), ("", one, []))
    assert not any((difference((one, other, []), (one, other, [])).added, there.title))
    assert bool(there.added or there.removed) == bool(back.added or back.removed)


def test_figures_are_known_without_their_words_and_place():
    moved = replace(fact(3e3), evidence=Evidence(Field.TITLE, 5, 9, "3,000", "soldiers"))
    assert figures([fact(3e3)]) == figures([moved, fact(1.0, FactKind.PLACE)])
    assert figures([fact(3e3)]) != figures([fact(3e3, bound=Bound.ABOUT)])
