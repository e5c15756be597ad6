from __future__ import annotations

import pytest

from spiders.items import Article
from tests.mailbox import open_inbox


@pytest.fixture
def inbox():
    with open_inbox() as box:
        yield box


@pytest.fixture
def told(take_in, now):
    """A history of one development, in the week 2026-W48."""
    take_in(
        Article(
            "https://herald.example/1", "A strike stops all work in the port of Norwick", "Body.", "en", now
        )
    )


def test_a_week_becomes_a_page(tumen, told, folder):
    answer = tumen("report", "--week", "2026-W48")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "the report about 2026-W48 is in report-2026-W48.html\n"
    html = (folder / "report-2026-W48.html").read_text(encoding="utf-8")
    assert "A strike stops all work in the port of Norwick" in html
    assert "The week of 23–29 Nov 2026" in html


def test_the_page_is_in_the_language_and_place_that_is_asked_for(tumen, told, folder):
    assert tumen("report", "--week", "2026-W48", "--language", "de", "-o", "woche.html").code == 0
    assert "Die Woche 23.–29. Nov. 2026" in (folder / "woche.html").read_text(encoding="utf-8")


def test_without_a_week_it_is_the_last_one(tumen, told):
    answer = tumen("report", "--json")
    assert answer.code == 0
    (row,) = answer.rows
    assert row["file"] == f"report-{row['week']}.html"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--week", "2026-W60"),
        ("--pack", "nonsense"),
        ("--timezone", "Mars/Base"),
        ("--mail", "nobody"),
    ],
    ids=" ".join,
)
def test_what_is_not_there_is_said_to_be(tumen, told, arguments):
    answer = tumen("report", *arguments)
    assert answer.code == 2
    assert "→" in answer.err


def test_a_report_can_be_mailed_in_the_words_of_its_channel(tumen, told, write, inbox):
    url = f"mailto://127.0.0.1:{inbox.port}?from=tumen@example.org&to=anna@example.org&mode=insecure"
    write("tumen.yaml", f"packs: [../harbour]\nchannels:\n  me:\n    url: {url}\n    language: de\n")
    answer = tumen("report", "--week", "2026-W48", "--mail", "me")
    assert (answer.code, answer.out) == (0, "sent to anna@example.org\n")
    (taken,) = inbox.letters
    letter = taken.mail
    assert letter["subject"].startswith("Die Woche 23.–29. Nov. 2026 — ")
    assert "A strike stops all work" in letter.get_body(("plain",)).get_content()
    (attached,) = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("report-2026-W48.html", "text/html")
    assert "Die Woche 23.–29. Nov. 2026" in attached.get_content()


def test_a_report_that_is_not_taken_ends_with_1(tumen, told, write):
    url = "mailto://127.0.0.1:9?from=tumen@example.org&to=anna@example.org&mode=insecure"
    write("tumen.yaml", f"packs: [../harbour]\nchannels:\n  me:\n    url: {url}\n")
    answer = tumen("report", "--week", "2026-W48", "--mail", "me", "--json")
    assert answer.code == 1
    assert answer.rows[0]["error"]
