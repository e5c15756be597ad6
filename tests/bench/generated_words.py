"""Texts that say nothing, with the words of a language as often as people use them, and some words planted in them.

Words come from wordfreq, the most common first; a long tail is made of halves of them. How often a word occurs falls
with its rank (Zipf). What is planted occurs nowhere else, so it is known how many articles hold it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from wordfreq import top_n_list

from monitor.core.text import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARES = {  # of the articles in each language
    "en": 20,
    "ru": 12,
    "de": 10,
    "ko": 10,
    "fr": 8,
    "es": 8,
    "ja": 8,
    "zh": 8,
    "uk": 6,
    "pl": 6,
    "ar": 4,
}
UNSPACED = frozenset({"ja", "zh"})
EVERY = {"rare": 20_000, "seldom": 500, "common": 12, "phrase": 1_000, "apart": 400, "prefix": 700}
_COMMON, _TAIL, _NUMBERS = 30_000, 40_000, 300
_STREAM = 400_000  # words that are drawn once
_SHORT = frozenset({"ja", "zh", "ko"})  # two signs make a word
_PARTICLES = ("은", "는", "이", "가", "을", "를", "의", "에", "도", "")
_ENDINGS = {
    **dict.fromkeys(("ru", "uk"), ("а", "у", "ом", "ами", "ах", "")),
    **dict.fromkeys(("en", "de", "fr", "es", "pl"), ("a", "en", "s", "ami", "er", "")),
    "ar": ("ات", "ون", "ين", "ها", ""),
    **dict.fromkeys(_SHORT, ("",)),
}


@dataclass(frozen=True)
class Planted:
    """What to search for, and how many articles hold it.

    Attributes:
        language: of these articles.
        kind: rare, seldom or common words; a phrase, whose words stand `apart` in other articles; or a prefix,
            which is the begin of several words.
        words: one word, or the two of a phrase.
        articles: how many hold it.
    """

    language: str
    kind: str
    words: tuple[str, ...]
    articles: int


@dataclass
class Vocabulary:
    """The words of one language, and what is planted among them. The same for the same language and seed.

    `wealth` says how many words it has: 1 for some seventy thousand.
    """

    language: str
    seed: int = 1
    wealth: float = 1.0
    written: int = 0  # articles so far
    sows: bool = False  # something is planted in the text that was written last
    planted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EVERY, 0))

    @cached_property
    def words(self) -> list[str]:
        """The most common first."""
        reserved = self._reserved
        kept = [word for word in self._known if not reserved or reserved.isdisjoint(fold_text(word))]
        chance = random.Random(f"{self.seed} {self.language} tail")
        halves = chance.choices(kept, k=2 * round(_TAIL * self.wealth))
        made = (
            one[: len(one) // 2 + 1] + two[len(two) // 2 :]
            for one, two in zip(halves[::2], halves[1::2], strict=True)
        )
        numbers = [str(chance.randint(2, 10 ** chance.randint(1, 5))) for _ in range(_NUMBERS)]
        kept[200:200] = numbers
        strange = tuple(word for group in self.strange.values() for word in group)
        return list(dict.fromkeys(word for word in (*kept, *made) if not word.startswith(strange)))

    @cached_property
    def strange(self) -> dict[str, tuple[str, ...]]:
        """What is planted, by kind."""
        chance = random.Random(f"{self.seed} {self.language} planted")
        made = iter(self._pairs(chance) if self.language in _SHORT else self._shapes(chance))
        found = {kind: (next(made),) for kind in ("rare", "seldom", "common", "prefix")}
        return {**found, "phrase": (next(made), next(made))}

    def title(self, chance: random.Random) -> str:
        """A headline, which holds nothing that is planted."""
        return self._sentence(self._drawn(chance, chance.randint(6, 11)))

    def between(self, chance: random.Random) -> list[str]:
        """Two words to stand between names."""
        return self._drawn(chance, 2)

    def text(self, chance: random.Random, length: int) -> str:
        """Sentences of about as many characters, with what is planted in this article."""
        drawn = self._drawn(chance, max(8, round(length / self._width)))
        sentences, at = [], 0
        while at < len(drawn):
            until = at + chance.randint(8, 20)
            sentences.append(drawn[at:until])
            at = until
        due = list(self._due())
        self.sows = bool(due)
        for words in due:
            sentence = chance.choice(sentences)
            place = chance.randint(0, len(sentence))
            sentence[place:place] = self._inflected(words, chance)
        self.written += 1
        stop = "。" if self.language in UNSPACED else ". "
        return stop.join(map(self._sentence, sentences)) + stop.strip()

    def sown(self) -> Iterator[Planted]:
        """What was planted in the texts so far. Words of a phrase occur apart, too."""
        for kind in ("rare", "seldom", "common", "phrase", "prefix"):
            if self.planted[kind]:
                yield Planted(self.language, kind, self.strange[kind], self.planted[kind])
        both = self.planted["phrase"] + self.planted["apart"]
        if both:
            yield Planted(self.language, "apart", self.strange["phrase"], both)

    def _due(self) -> Iterator[tuple[str, ...]]:
        """The words that this article has to hold."""
        due = [kind for kind, every in EVERY.items() if self.written % every == every // 2]
        if "phrase" in due and "apart" in due:
            due.remove("apart")  # an article holds both words, or the phrase
        for kind in due:
            self.planted[kind] += 1
            if kind == "apart":
                yield from ((word,) for word in reversed(self.strange["phrase"]))
            else:
                yield self.strange[kind]

    def _inflected(self, words: tuple[str, ...], chance: random.Random) -> tuple[str, ...]:
        if words == self.strange["prefix"]:
            return (words[0] + chance.choice(_ENDINGS[self.language]),)
        if self.language == "ko":
            return (*words[:-1], words[-1] + chance.choice(_PARTICLES))
        return ("".join(words),) if self.language in UNSPACED else words

    def _sentence(self, words: list[str]) -> str:
        if self.language in UNSPACED:
            half = len(words) // 2
            return "".join(words[:half]) + ("，" if self.language == "zh" else "、") + "".join(words[half:])
        joined = " ".join(words)
        return joined[:1].upper() + joined[1:]

    @cached_property
    def _known(self) -> list[str]:
        return [
            word
            for word in top_n_list(self.language, round(_COMMON * self.wealth))
            if not any(map(str.isdigit, word))
        ]

    @cached_property
    def _reserved(self) -> frozenset[str]:
        """Signs that stand in planted words only, where words are not told apart by spaces."""
        if self.language not in _SHORT:
            return frozenset()
        return frozenset(fold_text("".join("".join(group) for group in self.strange.values())))

    @property
    def _length(self) -> int:
        return round(_STREAM * self.wealth)

    @cached_property
    def _stream(self) -> list[str]:
        """Words as they come, each as often as its rank says."""
        weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))
        return random.Random(self.seed).choices(self.words, cum_weights=weights, k=self._length)

    def _drawn(self, chance: random.Random, number: int) -> list[str]:
        """Words out of the stream, some steps apart: nearly as good as drawn one by one, and ten times as fast."""
        step = chance.randrange(1, 400 if self.wealth == 1 else 40)
        begin = chance.randrange(self._length - step * number)
        return self._stream[begin : begin + step * number : step]

    @cached_property
    def _width(self) -> float:
        """Characters that a word takes on average."""
        return sum(map(len, self._stream)) / self._length + (self.language not in UNSPACED)

    def _pairs(self, chance: random.Random) -> Iterator[str]:
        """Words of two signs each, which are rare and stand in no other of them."""
        signs = list(dict.fromkeys(sign for word in reversed(self._known) for sign in word if _is_sign(sign)))
        rare = chance.sample(signs[:800], 12)
        yield from map("".join, zip(rare[::2], rare[1::2], strict=True))

    def _shapes(self, chance: random.Random) -> Iterator[str]:
        """Words that do not exist, but could."""
        known = set(self._known)
        long = [word for word in self._known[:5_000] if len(word) >= 6]
        while True:
            one, two, three = chance.sample(long, 3)
            made = one[:3] + two[2:4] + three[-3:]
            if made not in known and made.isalpha():
                yield made


def _is_sign(sign: str) -> bool:
    """Whether it is Han or Hangul."""
    return "\u4e00" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3"
