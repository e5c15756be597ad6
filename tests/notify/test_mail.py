"""A letter says in its headers what the message says."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.mail import _POLICY

WORDS = [
    "Kriegsgefangene",
    "—",
    "солдатів",
    "узято",
    "в",
    "полон",
    "북한군",
    "300여",
    "명,",
    "🇰🇵",
    "e\u0301",
    "كوريا",
]


def sent(subject):
    letter = EmailMessage(policy=_POLICY)
    letter["Subject"] = subject
    return letter.as_bytes()


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join))
def test_a_subject_keeps_every_sign_and_space(subject):
    raw = sent(subject)
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 76


def test_a_space_at_the_end_of_a_line_is_kept():
    subject = "Kriegsgefangene — Двох північнокорейських солдатів узято в полон на Курщині"
    assert message_from_bytes(sent(subject), policy=policy.default)["Subject"] == subject


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_subject_adds_no_header(end):
    with pytest.raises(ValueError, match="linefeed"):
        sent(f"Мир{end}Bcc: all@example.org")
