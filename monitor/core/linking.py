"""Which words between a number and a thing say that the number counts something else.

Closed lists by language: prepositions, conjunctions, and the verbs that stand between a subject and what it does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.text import fold_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLAUSE_END = re.compile(r"[,;:()!?。、，；：！？（）«»“”\"—]|\s-\s|\d|\.\s")
_PARTING: Mapping[str, str] = {
    "en": "in to for with from by at on and or that which who whom whose into onto over under against near"
    " after before during since until as than but while when where if because about across along among"
    " around behind between beyond despite through towards toward upon via will would can could shall"
    " should may might must plan plans want wants build builds make makes use uses say says said is not",
    "de": "in im an am auf aus bei beim mit nach von vom vor zu zum zur für gegen durch über unter um seit"
    " während wegen und oder aber dass die-die welche sollen soll sollten will wollen wollte müssen muss"
    " können kann könnte dürfen darf werden-von haben-in als wie wenn weil ob bis ohne zwischen neben hinter",
    "nl": "in op aan uit bij met naar voor tegen door over onder om sinds tijdens wegens en of maar dat"
    " moeten zullen willen kunnen mogen als toen zonder tussen",
    "sv": "i på till från med av för mot genom över under om och eller men att som ska skulle vill kan"
    " måste när vid hos utan mellan",
    "no": "i på til fra med av for mot gjennom over under om og eller men at som skal skulle vil kan må når"
    " ved hos uten mellom",
    "da": "i på til fra med af for mod gennem over under om og eller men at som skal skulle vil kan må når"
    " ved hos uden mellem",
    "fr": "à au aux en dans par pour avec sur sous vers contre chez depuis pendant et ou mais que qui dont"
    " où doit doivent peut peuvent vont va veut veulent ainsi sans entre après avant",
    "es": "a al en por para con sobre bajo hacia contra desde durante y o pero que quien cuyo donde debe"
    " deben puede pueden van va quiere quieren sin entre tras ante según hasta",
    "pt": "a ao aos à às em no na nos nas por pelo pela para com sobre sob contra desde durante e ou mas"
    " que quem onde deve devem pode podem vão vai quer querem sem entre após até",
    "it": "a al alla ai in nel nella nei per con su sul sulla sotto verso contro da dal dalla durante e o"
    " ma che chi dove deve devono può possono vanno vuole vogliono senza tra fra dopo",
    "ro": "la în din pe cu pentru prin spre contra şi sau dar care trebuie poate fără între după",
    "ru": "в во на из-за к ко для от с со у о об по за под над при через до после между перед против и или"
    " но а что который которые которых чтобы должен должны будет будут может могут хочет хотят как без",
    "uk": "в у на до для від з-за о об по за під над при через після між перед проти і й та або але а що"
    " який які яких щоб має мають буде будуть може можуть хоче хочуть як без",
    "pl": "w we na do dla od ze-strony o po za pod nad przy przez przed między przeciw i oraz lub albo ale"
    " a że który które których którzy ma mają będzie będą może mogą chce chcą jak bez",
    "cs": "v ve na do pro od o po za pod nad při přes před mezi proti a i nebo ale že který které kteří má"
    " mají bude budou může mohou chce chtějí jak bez",
    "fi": "ja tai mutta että joka jotka kun kuin aikoo pitää voi voivat haluaa ilman kanssa sekä",
    "et": "ja või aga et kes mis kui peab võib võivad tahab ilma koos ning",
    "lv": "un vai bet ka kas uz no ar par pie pēc pirms bez līdz pret kurš kuri",
    "lt": "ir ar bet kad kas į iš su už prie po prieš be iki kuris kurie ant",
    "tr": "ve veya ama ki için ile gibi göre kadar sonra önce",
    "vi": "và hoặc nhưng rằng ở tại cho với từ đến để bằng trong trên dưới sẽ",
    "ar": "في على إلى من-أجل عن مع و أو لكن أن الذي التي الذين بعد قبل خلال ضد بين عبر",
    "fa": "در به از-سوی با برای و یا اما که تا بر",
}
FROM = frozenset(
    fold_text(
        "of from-the von vom de du des d' del della delle dei degli di do da dos das van av af of-the из z"
        " ze з із od no من از trong của the its their his her les los las le la el i gli den der die das dem"
        " seiner ihrer"
    ).split()
)
"""What may stand right behind a number: ten of the soldiers, 2 millones de obuses."""
_LIST = re.compile(r"[과와랑]\s|및|그리고|이나\s|と|や|和|与|及|或|跟|또는")
_WORD = re.compile(r"[^\W\d_]+'?")
AWAY = frozenset(word for words in _PARTING.values() for word in fold_text(words).split() if "-" not in word)
"""Words that begin another phrase."""


def ends_clause(between: str) -> bool:
    """Whether a clause, or a number, ends within."""
    return _CLAUSE_END.search(between) is not None


def parts_of_list(between: str) -> bool:
    """Whether an "and" of a language without spaces stands within."""
    return _LIST.search(between) is not None


def leads_away(between: str) -> bool:
    """Whether a word within begins another phrase than the one that the number is in."""
    if parts_of_list(between):
        return True
    is_begun = False  # whether another word than "of the" was met: three brigades *of* soldiers
    for word in _WORD.findall(between):
        if word in FROM and not is_begun:
            continue
        if word in AWAY or word in FROM:
            return True
        is_begun = True
    return False
