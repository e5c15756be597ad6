from datetime import UTC, datetime

import pytest

from monitor.core.grammar import parse
from monitor.core.matching import Matcher
from monitor.core.query import Term
from monitor.core.topic import Concept, ConceptKind, Pack, Rule, Severity
from spiders.items import Article

CONCEPTS = {
    "dprk": (
        ConceptKind.ACTOR,
        "north korea*",
        "nordkorea*",
        "северн* коре*",
        "кндр",
        "北朝鮮",
        "朝鲜",
        "=DPRK",
    ),
    "russia": (ConceptKind.ACTOR, "russia*", "russland*", "росси*", "러시아", "ロシア", "俄罗斯", "روسيا"),
    "kremlin": (ConceptKind.ACTOR, "kremlin", "кремль"),
    "kursk": (ConceptKind.PLACE, "kursk*", "курск*", "쿠르스크"),
    "sends": (ConceptKind.DEED, "send*", "sent", "отправ*", "파병", "派兵"),
    "soldiers": (ConceptKind.UNIT, "soldier*", "troops", "солдат*", "병력", "兵士", "명"),
    "shells": (ConceptKind.UNIT, "shell*", "снаряд*"),
    "denies": (ConceptKind.STANCE, "den{y|ies|ied}", "отриц*"),
}


def pack_of(*conditions, name="test", **terms):
    """A small pack in several languages; each condition is a rule r0, r1, …; `terms` adds concepts."""
    concepts = {
        key: Concept(
            key,
            kind,
            {"en": key},
            tuple(Term(text) for text in names),
            part_of="russia" if key == "kremlin" else "",
            news=kind is ConceptKind.STANCE,
        )
        for key, (kind, *names) in CONCEPTS.items()
    }
    concepts["dprk"] = Concept(
        "dprk", ConceptKind.ACTOR, {"en": "dprk"}, (*concepts["dprk"].terms, Term("북한", "ko", ("북한산",)))
    )
    for key, texts in terms.items():
        concepts[key] = Concept(key, ConceptKind.SUBJECT, {"en": key}, tuple(map(Term, texts)))
    rules = tuple(
        Rule(f"r{number}", {"en": text}, parse(text, concepts, {}, lambda _: "test"), text, Severity.HIGH)
        for number, text in enumerate(conditions or ["dprk AND russia"])
    )
    return Pack(name, {"en": name}, "0123456789ab", concepts, rules)


def read(pack, title, text=""):
    (reading,) = Matcher([pack]).read(Article("https://a.example/1", title, text))
    return reading


@pytest.fixture(scope="session")
def make_pack():
    return pack_of


@pytest.fixture(scope="session")
def reading():
    return read


@pytest.fixture(scope="session")
def now():
    return datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
