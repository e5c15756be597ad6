"""The words by which jusText tells sentences from furniture, in little memory.

trafilatura asks jusText about pages whose text is in doubt. It then holds the common words of all languages, 154,000
of them, twice, which takes 28 MB of each worker. Their hashes are enough to know them by, and take one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from justext import core
from justext.utils import get_stoplist, get_stoplists
from trafilatura import external

if TYPE_CHECKING:
    from collections.abc import Iterable


class Stopwords:
    """A set of words that can only be asked whether it holds one.

    Of 10¹⁴ words that it does not hold, one is taken for one of them.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._hashes = array("q", sorted({hash(word) for word in words}))

    def __contains__(self, word: object) -> bool:
        wanted = hash(word)
        at = bisect_left(self._hashes, wanted)
        return at < len(self._hashes) and self._hashes[at] == wanted

    def __len__(self) -> int:
        return len(self._hashes)


def slim() -> None:
    """Have trafilatura and jusText use such a set from now on. It is made when the first page asks for it."""
    external.jt_stoplist_init = _all_words  # type: ignore[assignment]  # its tuple is only handed on to jusText
    core.define_stoplist = _defined


def _all_words() -> Stopwords:
    found = Stopwords(word for language in get_stoplists() for word in get_stoplist(language))
    external.JT_STOPLIST = found  # type: ignore[assignment]  # see above
    return found


def _defined(words: Iterable[str] | Stopwords) -> frozenset[str] | Stopwords:
    """What jusText does with a list of words, but for ours, which are in small letters already."""
    return words if isinstance(words, Stopwords) else frozenset(word.lower() for word in words)
