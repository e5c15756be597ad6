"""What a person would type to find reports of North Korea's dealings with Russia: three tries in each language."""

from __future__ import annotations

TRIES = {
    "en": ("North Korea", "Pyongyang", "Kim Jong Un"),
    "ru": ("Северная Корея", "КНДР", "Ким Чен Ын"),
    "uk": ("КНДР", "північнокорейський", "Кім"),
    "de": ("Nordkorea", "Pjöngjang", "Kim"),
    "pl": ("Korea Północna", "północnokoreański", "Kim Dzong Un"),
    "fr": ("Corée du Nord", "nord-coréen", "Pyongyang"),
    "es": ("Corea del Norte", "norcoreano", "Kim"),
    "it": ("Corea del Nord", "nordcoreano", "Kim"),
    "vi": ("Triều Tiên", "Bình Nhưỡng", "Kim Jong Un"),
    "ko": ("북한", "김정은", "평양"),
    "ja": ("北朝鮮", "金正恩", "朝鮮"),
    "zh": ("朝鲜", "金正恩", "平壤"),
}
