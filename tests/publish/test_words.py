from __future__ import annotations

import re
from importlib.resources import files

import pytest
import yaml

PHRASES = yaml.safe_load((files("monitor.publish") / "phrases.yaml").read_text(encoding="utf-8"))
MESSAGES = yaml.safe_load((files("monitor.notify") / "phrases.yaml").read_text(encoding="utf-8"))


def holes(phrase):
    """The names in braces of a phrase, or of each form of it."""
    texts = phrase.values() if isinstance(phrase, dict) else [phrase]
    return set().union(*(re.findall(r"\{(\w+)\}", text) for text in texts))


def test_documents_speak_the_languages_of_messages():
    assert list(PHRASES) == list(MESSAGES)


@pytest.mark.parametrize("language", PHRASES)
def test_every_language_has_every_phrase(language):
    phrases = PHRASES[language]
    assert list(phrases) == list(PHRASES["en"])
    for key, phrase in phrases.items():
        assert isinstance(phrase, dict) is isinstance(PHRASES["en"][key], dict), key
        assert holes(phrase) == holes(PHRASES["en"][key]), key
        if isinstance(phrase, dict):
            assert "other" in phrase, key
