"""What is made up, and who reads it: each ends as a word, or raises what nobody expects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fuzz.documents import CONFIGURATIONS, PACKS, read_any_configuration, read_any_pack
from tests.fuzz.markup import PAGES, SOURCES, read_any_page, read_any_source
from tests.fuzz.rules import RULES, match_any_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

TARGETS: Mapping[str, tuple[SearchStrategy[Any], Callable[[Any], str]]] = {
    "rules": (RULES, match_any_rule),
    "packs": (PACKS, read_any_pack),
    "configuration": (CONFIGURATIONS, read_any_configuration),
    "sources": (SOURCES, read_any_source),
    "pages": (PAGES, read_any_page),
}
