"""Values as programs get them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum, IntEnum, StrEnum

from monitor.web.answering import as_json, plain


class Colour(StrEnum):
    RED = "red"


class Rank(IntEnum):
    FIRST = 1


class Side(Enum):
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Inner:
    at: datetime
    colour: Colour


@dataclass(frozen=True)
class Outer:
    inner: tuple[Inner, ...]
    counts: Mapping[Colour, int]


@dataclass(frozen=True)
class Nothing:
    pass


AT = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)


def test_values_of_each_kind_are_plain():
    assert plain(Outer((Inner(AT, Colour.RED),), {Colour.RED: 2})) == {
        "inner": [{"at": "2026-11-25T06:30:00+00:00", "colour": "red"}],
        "counts": {"red": 2},
    }
    assert plain([Rank.FIRST, True, None, "a", 1.5]) == [1, True, None, "a", 1.5]
    assert type(plain(Rank.FIRST)) is int
    assert type(plain(Colour.RED)) is str
    assert plain((date(2026, 11, 25), timedelta(minutes=1))) == ["2026-11-25", 60.0]
    assert plain(frozenset({"b", "a"})) == ["a", "b"]
    assert plain(Nothing()) == {}


def test_what_json_has_no_number_for_is_null():
    assert json.loads(as_json([float("nan"), float("inf"), 0.5])) == [None, None, 0.5]
