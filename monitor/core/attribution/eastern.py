"""Who says what in Chinese, Japanese and Korean, whose words stand without spaces or whose verbs end the sentence."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from monitor.core.text import fold_text

_SAID = (
    r"밝혔|밝힌|말했|말한|전했|전한|발표했|주장했|보고했|설명했|강조했|추산했|지적했|공개했|알렸|언급했|판단했|평가했|분석했"
    r"|述べ|明らかにし|発表し|語っ|語り|主張し|指摘し|報告し|伝え|強調し|と言っ|と話し|表明し|推計し|とみている"
    r"|表示|宣布|指出|透露|声称|通报|宣称|强调|估计|(?<![名简职人号堪自])称(?![为号呼赞])|(?<![小传据学])说(?![明法服])"
)
_BEHIND = r"에 따르면|에 의하면|따르면|によると|によれば|の話では|の発表では"
_BEFORE = r"(?<![证数依论])据(?![点悉说])|根据|援引|按照"
TOPIC = ("은", "는", "は")
"""Mark what a Korean or Japanese sentence is about: who says it, where a verb of saying ends it."""
SUBJECT = ("이", "가", "에서", "が")
"""Mark the subject of the nearest verb."""
# Behind a word these make it say the contrary; before it the others do.
_NOT_BEHIND = (
    r"[가-힣]{0,4}?(?:지(?:는|도)? ?(?:않|못|아니)|할 수 없|될 수 없|하기 어렵|[을를] 거부|[을를] 피|은 피)"
    r"| ?(?:안 ?[됐된돼했]|못 ?했|불가|거부)"
    r"|[ぁ-ん]{0,6}?(?:ない|なかっ|ません|なく|なけれ)|(?:せず|されず|できず|を避け|を控え|を拒)"
)
_NOT_BEFORE = (
    r"(?:(?<![가-힣])미|안 |못 |未|未能|未获|未经|未予|尚未|没有?|无法|不能|难以|拒绝|并未"
    r"|不(?:予|愿|会|肯|想)?)[^,。]{0,2}$"
)


@cache
def said() -> re.Pattern[str]:
    """Verbs of saying."""
    return re.compile(fold_text(_SAID))


@cache
def behind() -> re.Pattern[str]:
    """What stands behind the one who says it."""
    return re.compile(fold_text(_BEHIND))


@cache
def before() -> re.Pattern[str]:
    """What stands before the one who says it."""
    return re.compile(fold_text(_BEFORE))


@cache
def _negated() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(fold_text(_NOT_BEFORE)), re.compile(fold_text(_NOT_BEHIND))


def is_negated(text: str, start: int, end: int) -> bool:
    """Whether what stands there is said not to be so."""
    preceding, following = _negated()
    return bool(preceding.search(text[max(0, start - 6) : start]) or following.match(text[end : end + 16]))


_TURKISH = re.compile(r"m[ae](?:d[i]|mis|z\b|yan|yen|yacak|yecek)|m[iu]yor")


def is_turkish_negative(word: str) -> bool:
    """Whether a Turkish verb holds its "not" within: doğrulamadı."""
    return _TURKISH.search(word) is not None


def marked(text: str, start: int, stop: int, particles: tuple[str, ...]) -> int | None:
    """Where the particle ends that closes one of the two words, or the few signs, behind an actor's name."""
    if _KANA.search(text, start, stop):
        match = _KANA_PARTICLE.search(text, start, stop)
        return match.end() if match and match.group(1) in particles else None
    for match in islice(_KOREAN_WORD.finditer(text, start, stop), 2):
        is_whole = match.end() < stop or not text[stop : stop + 1].isalpha()
        if is_whole and match.group().endswith(particles):
            return match.end()
    return None


def ends_with_verb(text: str) -> bool:
    """Whether it is Korean or Japanese, whose verbs stand at the end."""
    return _ENDING_WITH_VERB.search(text) is not None


_ENDING_WITH_VERB = re.compile("[가-힣ぁ-ん]")
_KANA = re.compile("[ぁ-ん]")
_KANA_PARTICLE = re.compile(r"(?<![ぁ-ん])([はが])")
_KOREAN_WORD = re.compile(r"\S+")
