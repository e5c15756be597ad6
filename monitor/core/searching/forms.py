"""Which forms may a word have? `солдат`, `солдаты`, `солдатами`; `Soldat`, `Soldaten`.

A light model: words of one declension or conjugation share their beginning, and each ends in one of a few ways. It
knows no words, so it says too much; which of the forms are words is known by the texts, and search only takes those
that stand in the history. Folded letters throughout: without accents, ł as l, ё as е.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = 3
"""Letters that all forms of a word share."""

# A line is one way in which words change; `-` is no ending at all. Languages are not kept apart: nobody says of which
# one a word is, and what one language does to the words of another is hardly ever one.
_ENDINGS = """
- s
- es
y ies
- s ed ing
e es ed ing er ers
f ves
is es

- e en er ern es s n ens em
- n s
en t te ten et e st end
ern ert erte erten
isch ische ischen ischer isches ischem
e er es em en

- s e es
- x
al aux ale ales
- ne nes s
- le les s
f ve ves fs
eux euse euses
er ere eres ers
er e es ent ez ee ees ant a ait aient ont
ir it i is ie ies issent issait
re s t ent u us ue ues ant ait

o a os as
- es s
on ones
z ces
ar a an o ado ada ados adas ando aron aba aban ara aran e en ou aram arem
er ir e en io ieron ido ida idos idas ia ian iendo era eran iera eu eram iu iram
ao oes aos
al ais
l is

o i
a e
e i
o a i e
io i
co chi ci
ca che
go ghi
ga ghe
a ie ia
are a ano ato ata ati ate ando o ava avano era eranno i
ere ire e ono uto uta uti ute ito ita iti ite endo eva evano iva ivano isce iscono era eranno ira iranno

- en s e n
- en et er ar or erna arna orna s ens ets n na t a e erne ene

- a u owi em ie e y i ow om ami ach owie iem ze
a y e o - om ami ach ie i
a i e o - om ami ach
ia ii ie io ij iom iami iach
o a u em ie iem - om ami ach i
e a u em - y i om ami ach
y a e ego emu ym ej ych ymi
i a e ego emu im iej ich imi ie iego iemu
i ego emu im ej ich imi a e
ac a aja al ala ali alo aly ano any ana ane anych aniu anie ania
ic i a il ila ili ilo ily ono ony ona one eniu enie enia
owac uje uja owal owala owali owano owany owana owane owaniu owanie owania
sc l la li lo ly

- a u e y i em um ove ech mi ove ovi
a y e u ou o am ach ami - i
o a u e em ech um - y
y a e eho emu em ym ou ych ymi i
i iho imu im ich imi
e i em im ich
ost osti

as o ui a u e ai ams us ais uose
is io iui i iu yje iai iams ius iais
a os ai oje omis ose
e es ei eje emis ese
s a am u i os iem us iem
a as ai u am

- а у ом е ы ов ам ами ах и
- а у ом е ы ів ам ами ах ові і и у ою о
а ы е у ой ою - ам ами ах и і
я и е ю ей ею ь ям ями ях й ею єю і ь
ь я ю ем е и ей ям ями ях ём ем ьми ью і ів ем еві
й я ю ем е и ев ям ями ях єм єві ї їв єю
ия ии ию ией ий иям иями иях
ія ії ію ією ій іям іями іях
ие ия ию ием ии ий иям иями иях
ье ья ью ьем ьи ей ьям ьями ьях
о а у ом е - ам ами ах ы и і
е я ю ем и ей ям ями ях
а у ом ам ами ах
ец ца цу цем цом це цы цев цов цам цами цах ця цю ці ців цями цях
ок ка ку ком ке ки ков кам ками ках
ка ки ке ку кой кою ок ек кам ками ках
ый ого ому ым ом ая ой ую ое ые ых ыми
ий ого ому им ом ая ой ую ое ие их ими
ий его ему им ем яя ей юю ее ие их ими
ой ого ому ым ом ая ую ое ые ых ыми
ий ого ому им ім а ої ій у ою е і их ими
ій ього ьому ім я ьої ю ьою є і іх іми
- а о ы
- на но ны
ть л ла ло ли т ет ют ем ешь ете й йте в вший вшие вших вшим нный нная нное нные нных нным ного ному н на но ны
ать ал ала ало али ает ают аем ан ана ано аны ит ят ят у ут ет
ить ил ила ило или ит ят ют ю у ат ен ена ено ены им ишь
ти л ла ло ли ть є ють в ла ло ли но ний на не ні них ним
ити ив ила ило или ить ять лять ять ено ений ена ене ені
ся сь

ος ου ο ε οι ων ους οσ ουσ
α ασ εσ ων
η ησ εσ ων
"""

_CLITICS = ("", "ال", "و", "وال", "ب", "بال", "ل", "لل", "ف", "فال", "ك", "كال", "ول", "وب", "س")
_ARABIC_ENDINGS = ("", "ه", "ات", "ون", "ين", "ي", "يه", "ا", "ها", "هم", "ان")
_PREFIXES = ("", "ה", "ו", "ב", "ל", "מ", "ש", "כ", "וה", "שה", "מה", "וב", "ול")
_HEBREW_ENDINGS = ("", "ים", "ות", "י", "ה", "ת", "ית")


def _ways() -> tuple[tuple[str, ...], ...]:
    lines = filter(None, map(str.split, _ENDINGS.splitlines()))
    return tuple(tuple(dict.fromkeys("" if end == "-" else end for end in line)) for line in lines)


_WAYS = _ways()
_BY_ENDING: dict[str, tuple[tuple[str, ...], ...]] = {
    end: tuple(way for way in _WAYS if end in way) for end in set(chain.from_iterable(_WAYS))
}
_LONGEST = max(map(len, _BY_ENDING))


def possible_forms(word: str) -> frozenset[str]:
    """What may be a form of the folded word, itself included."""
    if not word.isalpha():
        return frozenset((word,))
    if "\u0621" <= word[0] <= "\u064a":
        return frozenset((word, *_with_clitics(word, _CLITICS, _ARABIC_ENDINGS)))
    if "א" <= word[0] <= "ת":
        return frozenset((word, *_with_clitics(word, _PREFIXES, _HEBREW_ENDINGS)))
    return frozenset((word, *_inflected(word)))


def _inflected(word: str) -> Iterator[str]:
    for size in range(min(_LONGEST, len(word) - SHORTEST) + 1):
        shared = word[: len(word) - size]
        for way in _BY_ENDING.get(word[len(word) - size :], ()):
            for end in way:
                yield shared + end


def _with_clitics(word: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    """The word with what is written together with it, after that was taken off."""
    for clitic in before:
        bare = word.removeprefix(clitic)
        if len(bare) < SHORTEST or (clitic and bare == word):
            continue
        for end in after:
            stem = bare.removesuffix(end)
            if len(stem) < SHORTEST or (end and stem == bare):
                continue
            for first in before:
                for last in after:
                    yield first + stem + last
