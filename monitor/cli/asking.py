"""Questions to a person at a terminal: an answer is checked at once, and asked for again if it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from monitor.core.errors import InputError, MonitorError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TLS_FROM_THE_START = "465"
_HERE = ("localhost", "127.0.0.1", "::1")


def ask(
    question: str,
    default: str | None = "",
    check: Callable[[str], Any] | None = None,
    *,
    hidden: bool = False,
) -> str:
    """An answer that the check takes; Enter alone gives the default, which stands in brackets.

    Args:
        question: what is asked.
        default: what Enter gives; empty for nothing, which the check is not asked about; None if nothing is no
            answer, and is asked again.
        check: raises MonitorError with what is wrong with an answer.
        hidden: the answer is not shown while it is typed.
    """

    def read(answer: str) -> str:
        answer = answer.strip()
        if answer and check:
            try:
                check(answer)
            except MonitorError as error:
                raise click.UsageError(in_a_line(error)) from None
        return answer

    answer: str = click.prompt(
        question, default=default, value_proc=read, hide_input=hidden, show_default=bool(default)
    )
    return answer


def choose(question: str, choices: Mapping[str, str], default: str) -> str:
    """One of the choices, which are shown with what they mean."""
    for name, meaning in choices.items():
        click.echo(f"  {name:<8} {meaning}")
    answer: str = click.prompt(
        question, default=default, type=click.Choice(list(choices)), show_choices=False
    )
    return answer


def ask_for_mailbox() -> str:
    """The address of a mail channel, made of what a person knows about their mail."""
    receiver = ask("  Your mail address, where messages go", None, check=_mail_address)
    host = ask("  Mail server that sends them (host or host:port)", f"mail.{receiver.rpartition('@')[2]}")
    user = ask("  User there (- for none)", receiver)
    password = ask("  Password", None, hidden=True) if user != "-" else ""
    sender = ask("  Sender of the messages", receiver, check=_mail_address)
    return mailbox(host, "" if user == "-" else user, password, sender=sender, receiver=receiver)


def mailbox(host: str, user: str, password: str, *, sender: str, receiver: str) -> str:
    """The address of a mail channel. Encrypted, unless the server is this machine."""
    name, _, port = host.rpartition(":") if host.count(":") == 1 else (host, "", "")
    here = name in _HERE
    mode = "insecure" if here else "ssl" if port == _TLS_FROM_THE_START else "starttls"
    login = ":".join(quote(part, safe="") for part in (user, password) if part)
    at = f"{login}@{host}" if login else host
    ends = f"from={quote(sender, safe='')}&to={quote(receiver, safe='')}"
    return f"{'mailto' if here else 'mailtos'}://{at}?{ends}&mode={mode}"


def in_a_line(error: MonitorError) -> str:
    """What is wrong and what to do, without a place: there is no file yet."""
    return f"{error.message} → {error.remedy}" if error.remedy else error.message


def _mail_address(answer: str) -> None:
    name, at, host = answer.rpartition("@")
    if not (name and at and host) or " " in answer:
        raise InputError(f"{answer} is no mail address", remedy="write it like me@example.org")
