"""`tumen check --send`: who listens gets a test message, and what became of each is said."""

from __future__ import annotations

import socket

import pytest

from tests.mailbox import open_inbox

SECRET = "s3cr3t-Pa55"


@pytest.fixture
def inbox():
    with open_inbox() as box:
        yield box


@pytest.fixture
def channels(write, harbour):
    """Write a configuration with these channels."""

    def save(text: str) -> None:
        write("tumen.yaml", f"packs: [../harbour]\ncrawl: {{contact: me@example.org}}\nchannels:\n{text}")

    return save


def mail(box, to="me@example.org") -> str:
    return f"mailto://127.0.0.1:{box.port}?from=tumen@example.org&to={to}&mode=insecure"


def nobody_listens() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_everybody_gets_a_message_in_their_own_language(tumen, channels, inbox):
    channels(
        f"  me:\n    url: {mail(inbox)}\n    language: de\n    timezone: Europe/Berlin\n"
        f"  team:\n    url: ['{mail(inbox, 'a@example.org')}', '{mail(inbox, 'b@example.org')}']\n"
    )
    answer = tumen("check", "--send")
    assert answer.code == 0
    said = [line for line in answer.out.splitlines() if "sent" in line]
    assert said == [
        "✓ sent           me: me@example.org",
        "✓ sent           team: a@example.org",
        "✓ sent           team: b@example.org",
    ]
    letters = {letter.recipients[0]: letter.mail for letter in inbox.letters}
    assert len(letters) == len(inbox.letters) == 3
    assert letters["me@example.org"]["Subject"] == "Testnachricht"
    text = letters["me@example.org"].get_body(("plain",)).get_content()
    assert "auf dem Kanal me" in text
    assert "MEZ" in text or "MESZ" in text
    assert letters["a@example.org"]["Subject"] == "Test message"


def test_one_that_refuses_keeps_no_other_from_getting_it(tumen, channels, inbox):
    with open_inbox() as strict:
        strict.rcpt = "550 no such person"
        channels(f"  lost:\n    url: {mail(strict)}\n  me:\n    url: {mail(inbox)}\n")
        answer = tumen("check", "--send")
    assert answer.code == 1
    assert "✗ not sent       lost: me@example.org: the mail server answered 550 no such person" in answer.out
    assert "✓ sent           me: me@example.org" in answer.out
    assert len(inbox.letters) == 1


def test_what_hangs_up_or_is_not_there_is_told_apart(tumen, channels, inbox):
    inbox.drop = True
    channels(
        f"  half:\n    url: {mail(inbox)}\n"
        f"  none:\n    url: json://user:{SECRET}@127.0.0.1:{nobody_listens()}/alerts\n"
    )
    answer = tumen("check", "--send", "--json")
    assert answer.code == 1
    told = {row["channel"]: row for row in answer.rows if "channel" in row}
    assert told["half"] == {
        "channel": "half",
        "to": "me@example.org",
        "sent": False,
        "reason": "unknown",
        "error": "no answer; the receiver may have the message",
    }
    assert (told["none"]["sent"], told["none"]["reason"]) == (False, "unreachable")
    assert SECRET not in answer.out + answer.err


def test_each_test_is_a_message_of_its_own(tumen, channels, inbox):
    channels(f"  me:\n    url: {mail(inbox)}\n")
    assert [tumen("check", "--send").code for _ in range(2)] == [0, 0]
    assert len({letter.mail["Message-ID"] for letter in inbox.letters}) == 2


def test_without_asking_nothing_is_sent(tumen, channels, inbox):
    channels(f"  me:\n    url: {mail(inbox)}\n")
    assert tumen("check").code == 0
    assert inbox.attempts == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("--send",), "no channel to which"), (("--send", "--pack", "dprk-russia"), "a pack has no channels")],
    ids=str,
)
def test_where_there_is_nobody_to_send_to_it_says_so(tumen, write, harbour, arguments, says):
    write("tumen.yaml", "packs: [../harbour]\n")
    answer = tumen("check", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err
    assert "→" in answer.err
