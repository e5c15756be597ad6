"""The common words of many languages, and which of them belong together: what names of packs are checked against.

The only door to wordfreq and simplemma, which are an optional extra: `pip install tumen[lab]`.
"""

from __future__ import annotations

import importlib.util
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

HOW_TO_GET = "pip install 'tumen[lab]'"
_MOST = 100_000  # words of one language; rarer ones are names and mistakes
_SAME = {"no": "nb"}  # what the libraries call a language otherwise than packs do


def are_installed() -> bool:
    """Whether both libraries are there."""
    return all(importlib.util.find_spec(name) is not None for name in ("wordfreq", "simplemma"))


def word_lists(languages: Iterable[str]) -> dict[str, Mapping[str, float]]:
    """The most common words of each language that has a list, with their share of its texts, from 0 to 1."""
    from wordfreq import available_languages, get_frequency_list  # noqa: PLC0415  an optional extra

    known = available_languages("best")
    lists: dict[str, Mapping[str, float]] = {}
    for code in languages:
        if (language := _SAME.get(code, code)) in known:
            lists[code] = dict(islice(_words(language), _MOST))
            get_frequency_list.cache_clear()  # it would keep every word of every language
    return lists


def _words(language: str) -> Iterator[tuple[str, float]]:
    from wordfreq import cB_to_freq, get_frequency_list  # noqa: PLC0415  an optional extra

    for centibels, words in enumerate(get_frequency_list(language, "best")):
        for word in words:
            yield word, cB_to_freq(-centibels)


def lemmatiser() -> Callable[[str, str], str]:
    """What gives the basic form of a word in a language, or the word itself where it is not known."""
    from simplemma import Lemmatizer  # noqa: PLC0415  an optional extra
    from simplemma.strategies import DefaultStrategy  # noqa: PLC0415

    # Whole dictionaries would take a second each to read, and hundreds of megabytes, for some hundred words.
    lemmatizer = Lemmatizer(lemmatization_strategy=DefaultStrategy(low_memory=True))

    def lemma(word: str, language: str) -> str:
        try:
            return lemmatizer.lemmatize(word, lang=_SAME.get(language, language))
        except ValueError:  # it does not know the language
            return word

    return lemma
