from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.sources.subscriptions import as_opml
from spiders.items import Kind, Source
from spiders.outline import read_outline
from spiders.wording import line

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Cn", "Co", "Zl", "Zp")), max_size=40
)


@given(words, st.sampled_from([None, "ko"]))
def test_what_is_exported_is_what_another_reader_imports(title, language):
    source = Source(
        "a", f"T {title}", "https://a.example/rss?a=1&b=2", Kind.FEED, language, tags=("wire", "asia")
    )
    (lead,) = read_outline(as_opml([source]).encode())
    assert (lead.url, lead.language, lead.tags) == (source.url, language, source.tags)
    assert lead.title == line(source.title, 200)


def test_only_feeds_are_exported():
    sources = [Source(kind.value, "A", f"https://{kind.value}.example/", kind) for kind in Kind]
    assert [lead.url for lead in read_outline(as_opml(sources).encode())] == ["https://feed.example/"]
