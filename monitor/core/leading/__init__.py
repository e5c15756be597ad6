"""What stands between a thing and the number behind it that says how many there are.

"The number of dead rose to 17", "загиблих уже 17", "les pertes s'élèvent à 6 000": nothing but words of closed lists
may stand in between. Of most things a verb must say that it is their number; of a number ("number of …"), and of a
thing that is one ("losses", "toll"), a preposition is enough.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from monitor.core.leading import words
from monitor.core.linking import AWAY, FROM
from monitor.core.numbers.bounds import LIMITING, OPENING
from monitor.core.statements import Bound
from monitor.core.text import fold_text

NAME = "\ufffc"
"""Stands for each letter of a name in what is asked for here."""


def _either(listed: str) -> str:
    return "|".join(fold_text(listed).split())


_TAIL = r"(?:['-][^\W\d_]{1,3}(?![^\W_]))?"  # 12.000'e, 17-ти
_RATE = re.compile(rf"{_TAIL}\s(?:(?:{_either(words.EACH)})\s)?(?:{_either(words.SPANS)})(?![^\W_])")
_END = re.compile(rf"{_TAIL}\s?(?:\Z|[.,;:!?()\[\]\"'»«“”„。]|-\s|\n)")
_NEXT = re.compile(rf"{_TAIL}\s([^\W\d_]+)(\s\d)?")
_WORD = re.compile(rf"[^\W\d_]+|{NAME}+|[-:]")
_PARTED = re.compile(rf"[^\w\s'{NAME}:-]|[\d_]")
_MOST = 14  # words and names between the two
_MOST_FAR = 20  # the same, if the thing is a sum
_LONGEST = 8  # words of a verb with what it takes with it: "has now risen to more than"
_MOST_BEFORE = 5  # words, names among them, between "number" and what it is the number of


class Role(Enum):
    """What a thing is, where its number may follow."""

    PLAIN = auto()
    NUMBERED = auto()  # "the number of dead": it is its number that is spoken of
    SUM = auto()  # "losses", "death toll": it is a number


class Lead(Enum):
    """How a thing leads to its number."""

    PLAIN = auto()
    TO = auto()  # by a verb whose last word elsewhere limits a number: "зросла до 17" is 17, not up to 17


class _Part(Enum):
    VERB = auto()
    BEING = auto()
    SUM = auto()  # what is enough behind a number or a sum
    NUMBER = auto()
    FILLING = auto()
    LIMIT = auto()


_Phrase = tuple[tuple[str, ...], _Part]


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def _phrases() -> dict[str, list[_Phrase]]:
    """Every phrase by its first word, the longest first."""
    lists = (
        (_Part.VERB, [phrase for phrases in words.VERBS.values() for phrase in phrases.split(",")]),
        (_Part.BEING, words.BEING.split(",")),
        (_Part.NUMBER, words.NUMBERS_BEHIND.split()),
        (_Part.SUM, words.AFTER_SUMS.split()),
        (_Part.FILLING, [*words.FILLING.split(), *OPENING]),
        (_Part.LIMIT, [*LIMITING]),
    )
    found: dict[tuple[str, ...], _Part] = {}
    for part, phrases in lists:
        for written in phrases:
            found.setdefault(_words(fold_text(written)), part)
    by_first: dict[str, list[_Phrase]] = {}
    for phrase, part in sorted(found.items(), key=lambda pair: -len(pair[0])):
        by_first.setdefault(phrase[0], []).append((phrase, part))
    return by_first


def _folded(listed: str) -> frozenset[str]:
    return frozenset(_words(fold_text(listed)))


_PHRASES = _phrases()
_COUNTING = _folded(f"{words.NUMBERS} {words.NUMBERS_BEHIND}")
_SUMMING = _folded(words.SUMS)
_NAMING = _folded(words.BESIDE_NAMES) | FROM
_ENDING = _folded(words.CLOSING)
_JOINING = _folded(words.CONJUNCTIONS)
_PUT = frozenset({"at", "auf"})  # "puts the number of those who serve there at 4,500"
_VERBAL = frozenset({_Part.VERB, _Part.BEING})
_ELSEWHERE = AWAY - {"a", "an", "pour", "por", "per"}  # a day, per cent
_SOFTENED = frozenset(_words(word) for word, bound in LIMITING.items() if bound in {Bound.UP_TO, Bound.ABOUT})


def role_of(thing: str, before: str) -> Role:
    """What a thing is in its clause.

    Args:
        thing: its name in the text.
        before: what stands before it, with `NAME` for each letter of a name or another thing.
    """
    if thing.rsplit(maxsplit=1)[-1] in _SUMMING:
        return Role.SUM
    for word in reversed(_clause(before)[-_MOST_BEFORE:]):
        if word in _COUNTING:
            return Role.NUMBERED
        if word[0] != NAME and word not in FROM:
            break
    return Role.PLAIN


def is_number_before(before: str) -> bool:
    """Whether the number of something else is spoken of in the clause, so that this may be what grew."""
    return not _COUNTING.isdisjoint(_clause(before))


def leads(role: Role, between: str, *, nearest: bool) -> Lead | None:
    """How what stands between a thing and a number leads from one to the other; None if it does not.

    Args:
        role: what the thing is.
        between: the text, with `NAME` for each letter of a name.
        nearest: whether no other thing stands in between.
    """
    words = _words(between)
    parts = None if _PARTED.search(between) else _parts(words) if nearest else None
    if parts is None and role is not Role.PLAIN and not _PARTED.search(between):
        parts = _verb_behind(words)
    if parts is None:
        return None
    kinds = {part for _, part in parts}
    if not kinds & _VERBAL and not _is_enough(kinds, role):
        return None
    is_of_verb = bool(parts) and parts[-1][1] is _Part.VERB and parts[-1][0][-1:] in _SOFTENED
    return Lead.TO if is_of_verb else Lead.PLAIN


def closes(text: str, end: int) -> bool:
    """Whether what a number says ends with it: the clause does, or when and where it was follows."""
    if _END.match(text, end):
        return True
    if _RATE.match(text, end):
        return False
    word = _NEXT.match(text, end)
    if word is None:
        return False
    if word.group(1) in _ENDING:
        return True
    return word.group(1) in _ELSEWHERE and not word.group(2)  # 19 and 26 are ages, or scores


def _clause(before: str) -> tuple[str, ...]:
    """The words of the clause that a text ends with."""
    return _words(_PARTED.split(before)[-1])


def _is_enough(kinds: set[_Part], role: Role) -> bool:
    """Whether words that are no verb lead to a number: "losses of", "troop numbers at", "عدد القتلى"."""
    if role is Role.SUM:
        return bool(kinds & {_Part.SUM, _Part.LIMIT})
    if _Part.NUMBER in kinds:
        return _Part.LIMIT not in kinds
    return role is Role.NUMBERED and (_Part.SUM in kinds or not kinds)


def _parts(words: tuple[str, ...]) -> list[_Phrase] | None:
    """The phrases that the words are, one after the other; None if one is in no list."""
    found: list[_Phrase] = []
    at = 0
    while at < len(words) <= _MOST:
        end = _named(words, at)
        if end > at:
            found.append((words[at:end], _Part.FILLING))
        else:
            known = _PHRASES.get(words[at], ())
            phrase = next((one for one in known if words[at : at + len(one[0])] == one[0]), None)
            if phrase is None:
                return None
            found.append(phrase)
            end = at + len(phrase[0])
        at = end
    return found if len(words) <= _MOST else None


def _verb_behind(words: tuple[str, ...]) -> list[_Phrase] | None:
    """The verb that the words end with, if they say of one thing all the while: "from the strike on Kyiv rose to"."""
    if len(words) > _MOST_FAR or not _JOINING.isdisjoint(words):
        return None
    for at in range(max(len(words) - 1, 0), max(len(words) - _LONGEST, -1), -1):
        parts = _parts(words[at:])
        if parts and (parts[0][1] is _Part.VERB or parts[0][0][0] in _PUT):
            return parts
    return None


def _named(words: tuple[str, ...], at: int) -> int:
    """Where a name with the words before it that say where or whose ends: "in the Kursk"."""
    end = at
    while end < len(words) and words[end] in _NAMING:
        end += 1
    return end + 1 if end < len(words) and words[end][0] == NAME else at
