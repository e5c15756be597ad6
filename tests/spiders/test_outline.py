from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.errors import NotASource
from spiders.items import Lead, Via
from spiders.outline import read_outline


def opml(body: str, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{prolog}<opml version="2.0"><head><title>Mine</title></head><body>{body}</body></opml>'.encode()


def feed(name: str, **more: str) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<outline text="{name}" type="rss" xmlUrl="https://{name}.example/rss"{attributes}/>'


def names(leads: tuple[Lead, ...]) -> list[str]:
    return [lead.url.removeprefix("https://").partition(".")[0] for lead in leads]


def test_folders_and_categories_become_tags():
    leads = read_outline(
        opml(
            f'<outline text="Nord Korea"><outline title="Агентства">{feed("kcna", language="ko-KP")}</outline>'
            f"{feed('nk')}</outline>{feed('tass', category='/State media/Wire,wire')}"
        )
    )
    assert leads[0] == Lead(
        "https://kcna.example/rss", Via.OUTLINE, "kcna", "ko", ("nord-korea", "агентства")
    )
    assert [lead.tags for lead in leads[1:]] == [("nord-korea",), ("state-media", "wire")]


def test_attributes_and_elements_count_in_any_case():
    body = (
        '<OUTLINE TEXT="a" XMLURL="https://a.example/rss"/><Outline Title="b" xmlurl="https://b.example/rss"/>'
        '<outline text="c" type="RSS" URL="https://c.example/rss"/>'
        '<outline text="d" type="atom" url="https://d.example/rss"/>'
    )
    assert names(read_outline(opml(body))) == ["a", "b", "d"]


def test_an_address_counts_once_and_only_if_it_is_one_of_the_web():
    body = (
        feed("a")
        + feed("a")
        + '<outline xmlUrl="feed://b.example/rss"/><outline xmlUrl="feed:https://c.example/rss"/>'
        '<outline xmlUrl="file:///etc/passwd"/><outline xmlUrl="javascript:alert(1)"/><outline xmlUrl="rss"/>'
        '<outline xmlUrl=""/><outline type="link" url="https://page.example/"/><outline text="folder"/>'
    )
    leads = read_outline(opml(body))
    assert [lead.url for lead in leads] == [
        "https://a.example/rss",
        "http://b.example/rss",
        "https://c.example/rss",
    ]


def test_what_is_broken_gives_what_could_be_read():
    assert names(
        read_outline(opml(feed("a") + '<outline text="AT&T" xmlUrl="https://b.example/rss?a&b"/>'))
    ) == [
        "a",
        "b",
    ]
    assert names(read_outline(opml(feed("a") + feed("b")).partition(b'type="rss" xmlUrl="https://b')[0])) == [
        "a"
    ]
    assert read_outline(opml("")) == ()


def test_hundreds_of_folders_within_each_other_harm_nothing():
    deep = "<outline text='x'>" * 5000 + feed("deep") + "</outline>" * 5000
    assert names(read_outline(opml(feed("a") + deep)))[0] == "a"


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY a PUBLIC "x" "http://127.0.0.1/">',
    ],
)
def test_entities_that_expand_or_reach_for_files_are_refused(entities):
    with pytest.raises(NotASource) as refused:
        read_outline(
            opml('<outline text="&a;" xmlUrl="https://a.example/"/>', f"<!DOCTYPE opml [{entities}]>")
        )
    assert refused.value.reason == "unsafe_xml"


def test_one_long_entity_that_is_repeated_does_not_multiply():
    bomb = f'<!DOCTYPE opml [<!ENTITY a "{"x" * 7_000}">]>'
    leads = read_outline(
        opml(f'<outline text="{"&a;" * 100_000}" xmlUrl="https://a.example/"/>' + feed("b"), bomb)
    )
    assert all(len(lead.title) <= 200 for lead in leads)


@pytest.mark.parametrize("body", [b"", b"<html><body>opml</body></html>", b"<rss/>", b"\x00\xff", b"{}"])
def test_what_is_no_opml_is_refused(body):
    with pytest.raises(NotASource) as refused:
        read_outline(body)
    assert refused.value.reason == "not_a_source"


def test_other_encodings_are_read():
    text = '<?xml version="1.0" encoding="windows-1251"?><opml><body><outline text="Вести" xmlUrl="https://a.example/"/>'
    assert read_outline(text.encode("cp1251"))[0].title == "Вести"
    assert (
        read_outline(f"{text}</body></opml>".replace("windows-1251", "utf-16").encode("utf-16"))[0].title
        == "Вести"
    )


@given(st.text(alphabet="<>/ =\"'&;!outlinexmUr:[]\x00\ud800", max_size=200))
def test_whatever_stands_in_it_is_read_without_an_error(body):
    leads = read_outline(opml("").replace(b"</body>", body.encode("utf-8", "surrogatepass")))
    assert all(lead.url.startswith(("http://", "https://")) for lead in leads)
