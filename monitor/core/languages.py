"""Which codes name a language."""

from __future__ import annotations

ANY = "any"

# ISO 639-1. Written out, because loading Babel's tables would take longer than reading a pack.
_TWO_LETTERS = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv
    ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss
    st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905  a list of 184 strings would fill the page
)


def is_language(code: str) -> bool:
    """Whether the code is of ISO 639-1, or of ISO 639-3 for a language that has no shorter one."""
    if len(code) != 3:  # noqa: PLR2004  letters of ISO 639-3
        return code in _TWO_LETTERS
    from babel import Locale  # noqa: PLC0415  hardly any pack needs it

    return code in Locale("en").languages


def likely_language(code: str) -> str:
    """The code that was probably meant by a country's code, a longer code or a language's name; or nothing."""
    from babel import Locale, languages  # noqa: PLC0415  only a mistake needs it
    from babel.core import get_global  # noqa: PLC0415  only a mistake needs it

    small = code.lower()
    if small[:2] in _TWO_LETTERS and small[2:3] in {"", "-", "_"}:  # EN, zh-Hant, de_AT
        return small[:2]
    if short := get_global("language_aliases").get(small):
        return str(short)
    names = Locale("en").languages
    named = [known for known, name in names.items() if name.lower() == small and is_language(known)]
    official = languages.get_official_languages(code.upper(), de_facto=True)
    return next((known for known in (*named, *official) if is_language(known)), "")
