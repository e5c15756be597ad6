"""Whoever publishes, or leads a reader to an address, may want to do harm. All pages are asked, ours and Datasette's.

The history holds script, signs that turn the direction of a line, and formulas, wherever others can put words: in
titles, texts, outlets, authors, notes, errors. See also `test_gate.py` (names, forms, headers), `test_login.py` and
`test_actions.py`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import closing
from urllib.parse import quote, urljoin, urlsplit

import pytest
from lxml import html

from monitor.store.database import open_reader, rows
from monitor.web.site import Site
from tests.web.browser.hostile import SCRIPT, publish_all
from tests.web.conftest import HARBOUR, Browser

_OURS = {"/-/tumen/keys.js"}
_SAFE = re.compile(r"(?:/|\?|#|https?://|mailto:|\.json)")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]")
_MOST = 80


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    path = tmp_path_factory.mktemp("threats") / "tumen.db"
    publish_all(path, copies=3)
    return path


@pytest.fixture
def browser(history):
    return Browser(Site(history, {HARBOUR.name: HARBOUR}, channels=("desk",)))


def pages(browser, *starts):
    """Every kind of page that links lead to, two of each: address and answer."""
    waiting, seen, kinds = list(starts), set(starts), {}
    while waiting and len(seen) < 2000:
        address = waiting.pop(0)
        kind = re.sub(r"\d+|(?<==)[^&]+", "*", address)
        if kinds.get(kind, 0) >= 2 or len(kinds) > _MOST:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = browser.get(address)
        yield address, answer
        if "text/html" in answer.headers["content-type"]:
            for link in html.fromstring(answer.text).xpath("//a/@href"):
                split = urlsplit(urljoin(f"http://localhost{address}", link))
                near = f"{split.path}?{split.query}" if split.query else split.path
                if split.netloc == "localhost" and near not in seen:
                    seen.add(near)
                    waiting.append(near)


def last(browser, path):
    """The answer in the end: Datasette writes some signs in addresses in its own way, and leads there."""
    answer = browser.get(path)
    for _ in range(3):
        if answer.status_code != 302:
            break
        onward = answer.headers["location"]
        assert re.match(r"/(?![/\\])", onward), onward
        answer = browser.get(onward)
    return answer


def acting(page, *, ours):
    """What of a page could act, or lead somewhere that it should not."""
    tree = html.fromstring(page)
    for one in tree.iter():
        if not isinstance(one.tag, str):
            continue
        for name, value in one.attrib.items():
            if name.startswith("on") or name == "srcdoc":
                yield f"{one.tag} {name}={value[:40]}"
            if name in {"href", "src", "action", "formaction"} and not _SAFE.match(value.strip().lower()):
                yield f"{one.tag} {name}={value[:40]}"
        if (
            one.tag in {"iframe", "object", "embed", "base", "meta"}
            and one.get("http-equiv") != "refresh"
            and (one.tag != "meta")
        ):
            yield one.tag
        if ours and (one.tag in {"img", "style"} or (one.tag == "b" and one.text == "Herald")):
            yield f"{one.tag}: {html.tostring(one)[:80]!r}"
        if one.tag == "script" and "window.owned" in (one.text or ""):
            yield "a script of others"
        if ours and one.tag == "script" and one.get("src") not in _OURS:
            yield f"script {one.get('src')}"


def test_nothing_that_others_wrote_acts_on_our_pages(browser):
    told = 0
    for address, answer in pages(browser, "/"):
        if "text/html" not in answer.headers["content-type"] or address.startswith("/history"):
            continue
        told += "window.owned" in answer.text
        assert answer.status_code == 200, address
        assert not list(acting(answer.text, ours=True)), address
        assert "<script>window" not in answer.text, address
        assert "<img src=x" not in answer.text, address
        assert not _TURNING.search(answer.text), address
    assert told > 5  # the hostile texts were on the pages


def test_nothing_that_others_wrote_acts_on_the_pages_of_datasette(browser):
    told = 0
    for address in (
        "articles",
        "revisions",
        "sources",
        "stories",
        "evidence",
        "feedback",
        "deliveries",
        "silences",
    ):
        for answer in (browser.get(f"/history/{address}"), browser.get(f"/history/{address}/1")):
            told += "window.owned" in answer.text
            assert "<script>window.owned" not in answer.text
            assert "<img src=x" not in answer.text
            assert not list(acting(answer.text, ours=False)), address
    assert told > 4


def test_json_is_json_and_nothing_else(browser):
    for address in ("/index.json", "/stories.json", "/article/1.json", "/alerts.json", "/sources.json"):
        answer = browser.get(address)
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert json.loads(answer.text)


@pytest.mark.parametrize(
    "query",
    [
        *("q=" + quote(SCRIPT), "q=%22" + quote(SCRIPT), "q=lang:" + quote(SCRIPT), "best=" + quote(SCRIPT)),
        *(
            "q=a&after=" + quote(SCRIPT),
            "q=a&older=" + quote(SCRIPT),
            "q=" + quote("\u202e\x00\x1b[31m"),
            "q=%ff",
        ),
    ],
)
def test_a_question_is_never_markup(browser, query):
    answer = browser.get(f"/search?{query}")
    assert answer.status_code in {200, 400}
    assert "<script>window" not in answer.text
    assert "<img src=x" not in answer.text
    assert not list(acting(answer.text, ours=True))


INJECTED = (
    "1 OR 1=1",
    "1;DROP TABLE articles",
    "1'--",
    '1"',
    "-1",
    "0x10",
    "9" * 30,
    "1 UNION SELECT 1",
    "%00",
    "١",
)


@pytest.mark.parametrize("page", ["story", "article", "alert"])
@pytest.mark.parametrize("key", INJECTED)
def test_what_stands_for_a_key_is_a_key_or_nothing(browser, page, key):
    assert last(browser, f"/{page}/{quote(key)}").status_code == 404


@pytest.mark.parametrize("address", ["/", "/stories", "/alerts", "/sources", "/rules", "/search"])
@pytest.mark.parametrize(
    "name", ["pack", "language", "severity", "state", "channel", "condition", "before", "page"]
)
@pytest.mark.parametrize("value", ["' OR 1=1 --", '"; DROP TABLE articles; --', "_where=1", "%"])
def test_a_filter_takes_only_what_it_knows(browser, history, address, name, value):
    answer = browser.get(f"{address}?{name}={quote(value)}")
    assert answer.status_code in {200, 400}
    with closing(open_reader(history)) as db:
        assert rows(db, "SELECT count(*) AS many FROM articles")[0]["many"] == 7


@pytest.mark.parametrize(
    "where",
    [
        "1=1) union select sql from sqlite_master--",
        "id in (select load_extension('/tmp/x'))",
        "(select writefile('/tmp/x', 'y'))",
        "(select readfile('/etc/passwd')) is not null",
        "(select fts3_tokenizer('x', x'00'))",
        "id = 1; delete from articles",
    ],
)
def test_conditions_of_an_address_only_read(browser, history, where):
    before = history.read_bytes()
    answer = browser.get(f"/history/articles.json?_where={quote(where)}")
    assert "root:" not in answer.text
    assert answer.status_code >= 400
    assert history.read_bytes() == before


@pytest.mark.parametrize("sort", ["title;drop table articles", "(select 1)", "nothing", "title desc, id"])
def test_only_columns_can_be_sorted_by(browser, sort):
    assert browser.get(f"/history/articles.json?_sort={quote(sort)}").status_code == 400


def test_a_file_elsewhere_cannot_be_opened_by_sql(browser):
    for sql in ("attach '/etc/passwd' as x", "select * from pragma_database_list"):
        answer = browser.get(f"/history.json?sql={quote(sql)}")
        assert answer.status_code == 400 or "/tmp" not in answer.text, answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/..%2f..%2fetc/passwd", "/source/..%2f..%2fetc%2fpasswd", "/rule/harbour/..%2f..%2fx"),
        *("/history/..%2f..%2fetc", "/-/static/..%2f..%2fapp.py", "/-/static-plugins/tumen/..%2fx"),
        *("/-/tumen/..%5c..%5cx", "//evil.example/x"),
    ],
)
def test_no_address_leads_out_of_the_pages(browser, path):
    answer = last(browser, path)
    assert answer.status_code in {400, 403, 404}
    assert "root:" not in answer.text
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/login?next=%0d%0aSet-Cookie:%20x=1", "/stories?%0d%0aX-Evil:1=1", "/%0d%0aX-Evil:%201"]
)
def test_no_header_can_be_slipped_in(browser, path):
    answer = browser.get(path)
    assert "x-evil" not in answer.headers
    assert "x=1" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("path", ["/", "/article/1", "/search?q=strike", "/index.json"])
def test_pages_are_kept_by_no_cache_in_between(browser, path):
    kept = browser.get(path).headers["cache-control"]
    assert "private" in kept or "no-store" in kept
    assert "public" not in kept


def test_cells_of_a_download_are_no_formulas(browser):
    guarded = ("articles.csv?_stream=1", "articles.csv?_dl=1", "sources.csv", "revisions.csv?_labels=on")
    for address in (*map("/history/{}".format, guarded), "/history.csv?sql=select+'%3D1%2B1'+as+a,'@x'+as+b"):
        answer = browser.get(address)
        assert answer.status_code == 200
        for row in csv.reader(io.StringIO(answer.text)):
            assert not [cell for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))], row
