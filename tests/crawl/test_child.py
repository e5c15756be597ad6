from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.crawl import child


def read(chunks, **named):
    async def collect():
        stream = asyncio.StreamReader()
        for chunk in chunks:
            stream.feed_data(chunk)
        stream.feed_eof()
        return [line async for line in child.lines(stream, **named)]

    return asyncio.run(collect())


@given(
    st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=8), st.integers(1, 7)
)
def test_lines_are_the_same_however_they_are_cut_into_pieces(written, step):
    data = b"".join(line + b"\n" for line in written)
    assert read([data[at : at + step] for at in range(0, len(data), step)]) == written


def test_a_line_that_broke_off_is_no_message_but_may_be_a_last_word():
    assert read([b"whole\nhal"]) == [b"whole"]
    assert read([b"whole\nhal"], cut=100) == [b"whole", b"hal"]


def test_a_line_without_an_end_is_cut_or_refused(monkeypatch):
    assert read([b"x" * 10_000, b"y\nnext"], cut=5) == [b"xxxxx", b"next"]
    monkeypatch.setattr(child, "_LONGEST_LINE", 1000)
    with pytest.raises(ValueError, match="without an end"):
        read([b"x" * 5000])


def test_a_worker_gets_what_it_needs_and_nothing_else():
    ours = {
        "PATH": "/bin",
        "LC_ALL": "C",
        "PYTHONPATH": "/mine",
        "SECRET": "1",
        "HOMESERVER_TOKEN": "2",
        "PATH_TO_SECRET": "3",
        "TZ_KEY": "4",
        "PYTHON_TOKEN": "5",
        "HTTP_PROXY": "p",
        "SSL_CERT_FILE": "f",
    }
    theirs = child.environment(ours)
    assert theirs.pop("PYTHONPATH").endswith(":/mine")
    assert theirs == {"PATH": "/bin", "LC_ALL": "C", "SSL_CERT_FILE": "f", "MALLOC_ARENA_MAX": "2"}


@pytest.mark.parametrize(
    ("status", "said"), [(-9, "SIGKILL"), (-11, "SIGSEGV"), (3, "status 3"), (-99, "status -99")]
)
def test_how_a_worker_ended_is_said_in_words(status, said):
    assert said in child.ending(status)
