"""A small pack, alerts in several scripts, a mail inbox and a web server that misbehaves on demand."""

from __future__ import annotations

import threading
import warnings
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.smtp import AuthResult

from monitor.core.models import Alert, AlertKind, Reason
from monitor.core.statements import Evidence, Fact, FactKind, Field, Novelty
from monitor.core.topic import Concept, ConceptKind, Pack, Rule, Severity
from monitor.notify.message import Voice
from spiders.items import Article
from tests.mailbox import AnyPort, Inbox, open_inbox


def _concept(name, kind, **labels):
    return Concept(name=name, kind=kind, labels=labels, terms=())


CONCEPTS = {
    concept.name: concept
    for concept in (
        _concept("dprk", ConceptKind.ACTOR, en="North Korea", de="Nordkorea", ko="북한", ar="كوريا الشمالية"),
        _concept("russia", ConceptKind.ACTOR, en="Russia", de="Russland", ko="러시아", ar="روسيا"),
        _concept("soldiers", ConceptKind.UNIT, en="soldiers", de="Soldaten", ko="병력", ar="جنود"),
        _concept("kursk", ConceptKind.PLACE, en="Kursk", de="Kursk", ko="쿠르스크", ar="كورسك"),
        _concept("denies", ConceptKind.STANCE, en="denies", de="dementiert", ko="부인", ar="ينفي"),
    )
}
PACK = Pack(
    name="dprk-russia",
    labels={
        "en": "North Korea and Russia",
        "de": "Nordkorea und Russland",
        "ko": "북한과 러시아",
        "ar": "كوريا الشمالية وروسيا",
    },
    version="0123456789ab",
    concepts=CONCEPTS,
    rules=(
        Rule(
            name="troops",
            labels={
                "en": "Troops sent to Russia",
                "de": "Truppen für Russland",
                "ko": "러시아 파병",
                "ar": "قوات إلى روسيا",
            },
            query=None,
            source="",
            severity=Severity.HIGH,
        ),
    ),
)


def voice_of(language, zone):
    return Voice(language=language, zone=ZoneInfo(zone), packs={PACK.name: PACK})


@pytest.fixture
def english():
    return voice_of("en", "Europe/Berlin")


@pytest.fixture
def german():
    return voice_of("de", "Europe/Berlin")


def evidence(article, *words):
    """Evidence for `(word, concept)`, wherever the word first stands, if it does."""
    found = []
    for word, concept in words:
        place, text = (Field.TITLE, article.title) if word in article.title else (Field.BODY, article.text)
        start = text.find(word)
        if start >= 0:
            found.append(Evidence(place, start, start + len(word), word, concept))
    return tuple(found)


def body_evidence(article, *words):
    found = []
    for word, concept in words:
        start = article.text.index(word)
        found.append(Evidence(Field.BODY, start, start + len(word), word, concept))
    return tuple(found)


GERMAN = Article(
    url="https://www.example-zeitung.de/politik/soldaten-kursk?id=17",
    title="Seoul: Nordkorea verlegt Tausende Soldaten in die Region Kursk",
    text=(
        "Nordkorea hat nach Angaben des südkoreanischen Geheimdienstes rund 12.000 Soldaten nach Russland verlegt, "
        "die meisten davon in die Grenzregion Kursk.\n\n"
        "Die Männer seien mit russischen Uniformen und Waffen ausgerüstet worden, hieß es am Mittwoch nach einer "
        "Sitzung des Geheimdienstausschusses in Seoul. Noch vor einer Woche war von 10.000 Soldaten die Rede.\n\n"
        "Moskau äußerte sich zunächst nicht. Das Außenministerium in Pjöngjang hatte ähnliche Berichte zuletzt als "
        "»haltloses Gerücht« bezeichnet. Beobachter rechnen damit, dass die Verbände bis Ende Dezember an der Front "
        "eintreffen.\n\nMehr zum Thema folgt."
    ),
    language="de",
    published=datetime(2026, 11, 25, 13, 5, tzinfo=UTC),
)
KOREAN = Article(
    url="https://www.example-sinmun.co.kr/view/AKR20261125",
    title="국정원 “북한군 1만2천명 러시아 쿠르스크로 이동”",
    text=(
        "국가정보원은 25일 북한이 러시아에 파병한 병력이 1만2천명으로 늘었으며 대부분 "
        "쿠르스크 지역으로 이동했다고 밝혔다. "
        "국정원은 이날 국회 정보위원회 간담회에서 이같이 보고했다고 여야 간사가 전했다.\n"
        "앞서 국정원은 지난주 파병 규모를 1만명으로 추산한 바 있다. "
        "북한군은 러시아 군복과 무기를 지급받은 것으로 알려졌다.\n"
        "러시아 외무부는 아직 공식 입장을 내놓지 않았다."
    ),
    language="ko",
    published=datetime(2026, 11, 25, 5, 30, tzinfo=UTC),
)
ARABIC = Article(
    url="https://news.example.org/ar/2026/11/25/kursk-troops",
    title="سيول: كوريا الشمالية ترسل 12000 جندي إلى منطقة كورسك الروسية",
    text=(
        "قال جهاز الاستخبارات الكوري الجنوبي يوم الأربعاء إن كوريا الشمالية أرسلت نحو 12000 جندي إلى روسيا، "
        "وإن معظمهم انتقل إلى منطقة كورسك الحدودية.\n"
        "وأضاف الجهاز أن الجنود تسلموا زيا عسكريا روسيا وأسلحة. ولم يصدر تعليق فوري من موسكو."
    ),
    language="ar",
    published=datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
)


def make_alert(
    article=GERMAN, words=(("Nordkorea", "dprk"), ("Soldaten", "soldiers"), ("Kursk", "kursk")), **changes
):
    found = evidence(article, *words)
    alert = Alert(
        id=42,
        kind=AlertKind.NEW,
        reason=Reason.NEW_STORY,
        pack=PACK.name,
        rules=("troops",),
        severity=Severity.HIGH,
        story=7,
        story_title="Seoul meldet Truppenverlegung",
        article=article,
        source="Beispielzeitung",
        evidence=found,
        new=(),
        found_at=datetime(2026, 11, 25, 13, 7, tzinfo=UTC),
        created_at=datetime(2026, 11, 25, 13, 7, 2, tzinfo=UTC),
        late=False,
        outlets=1,
        languages=(article.language or "en",),
    )
    return replace(alert, **changes)


def figure(article, words, value, before=None, concept="soldiers"):
    (where,) = body_evidence(article, (words, concept))
    return Novelty(Fact(FactKind.FIGURE, concept, value, where), before)


def statement(article, words, concept, kind):
    (where,) = body_evidence(article, (words, concept))
    return Novelty(Fact(kind, concept, None, where))


def german_update(**changes):
    return make_alert(
        **{
            "kind": AlertKind.UPDATE,
            "reason": Reason.NEW_FACTS,
            "new": (
                figure(GERMAN, "12.000 Soldaten", 12000.0, 10000.0),
                statement(GERMAN, "Grenzregion Kursk", "kursk", FactKind.PLACE),
            ),
            "evidence": evidence(GERMAN, ("Nordkorea", "dprk"), ("Soldaten", "soldiers"), ("Kursk", "kursk"))
            + body_evidence(
                GERMAN, ("Nordkorea", "dprk"), ("12.000 Soldaten", "soldiers"), ("Russland", "russia")
            ),
            "outlets": 5,
            "languages": ("ko", "en", "de"),
            **changes,
        }
    )


@pytest.fixture
def desk():
    """The articles and the functions that make alerts of them."""
    return SimpleNamespace(
        german=GERMAN,
        korean=KOREAN,
        arabic=ARABIC,
        alert=make_alert,
        update=german_update,
        evidence=evidence,
        body_evidence=body_evidence,
        figure=figure,
        statement=statement,
        voice=voice_of,
    )


@pytest.fixture
def inbox():
    with open_inbox() as box:
        yield box


@pytest.fixture
def locked_inbox():
    """A mail server that accepts no password."""
    box = Inbox()
    controller = AnyPort(
        box,
        hostname="127.0.0.1",
        port=0,
        authenticator=lambda *_: AuthResult(success=False, handled=False),
        auth_required=True,
        auth_require_tls=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", UserWarning
        )  # aiosmtpd warns of passwords in clear, which are the point here
        controller.start()
        box.port = controller.port
        yield box
        controller.stop()


class Web:
    """An HTTP server on loopback; the path says how it behaves: /200, /404, /302, /429/7, /hang, /drop …"""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, bytes]] = []
        self.headers: list[dict[str, str]] = []
        self.body = b""
        self.released = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                web.requests.append((self.command, self.path, body))
                web.headers.append(dict(self.headers))
                kind, *rest = unquote(self.path.partition("?")[0]).strip("/").split("/")
                if kind == "hang":
                    web.released.wait(30)
                    return
                if kind == "drop":
                    self.connection.close()
                    return
                if kind in ("endless", "trickle"):
                    with suppress(OSError):  # until the client hangs up
                        pour(self.wfile, kind, web.released)
                    return
                self.send_response(int(kind))
                if kind == "302":
                    self.send_header("Location", "/200")
                if rest:
                    self.send_header("Retry-After", rest[0])
                self.end_headers()
                self.wfile.write(web.body)

            do_POST = do_GET = answer  # noqa: N815  the library's names

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def url(self, path: str, schema: str = "json") -> str:
        return f"{schema}://127.0.0.1:{self.port}/{path}"

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def pour(client, kind, released):
    """An answer without an end: of headers that trickle, or of a body that is poured out."""
    client.write(b"HTTP/1.0 200 OK\r\n" + b"\r\n" * (kind == "endless"))
    while not released.wait(0.1 if kind == "trickle" else 0.0):
        client.write(b"X-Slow: 1\r\n" if kind == "trickle" else b"x" * 65536)


@pytest.fixture
def web():
    server = Web()
    yield server
    server.close()
