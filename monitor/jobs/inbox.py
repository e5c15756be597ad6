r"""A pack's inbox: what readers said, as examples that wait to be taken into the pack.

`inbox/PACK.yaml` is a list that only grows at its end, so whatever a person writes or removes in it stays as it is:

    # article 12 · https://… · 2026-11-26
    - rule: troops
      must_not_fire:
        en: ["Headline\nLead"]
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, RootModel

from monitor.core.errors import InputError, StorageError
from monitor.core.laboratory.proving import Case
from monitor.core.models import Verdict
from monitor.core.query import LEAD
from monitor.core.topic import Example
from monitor.documents import parse_document, read_document, validate
from monitor.notify.excerpt import clean, one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.topic import Pack
    from monitor.store.feedback import Judgement

_HEAD = """\
# What readers said about {pack}. `tumen feedback` adds to this list; `tumen rules test` shows which wishes hold.
# Move what you agree with into the pack, and remove it here.
"""
_UNPRINTABLE = re.compile("[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NO_LANGUAGE = "any"


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    rule: str | None = None
    must_fire: dict[str, list[str]] = {}
    must_not_fire: dict[str, list[str]] = {}


class _Wishes(RootModel[list[_Wish]]):
    pass


@dataclass(frozen=True, slots=True)
class Wish:
    """A text on which a rule (None: any of the pack) should fire, or should not."""

    rule: str | None
    example: Example
    must_fire: bool


def inbox_file(folder: Path, pack: str) -> Path:
    """Where a pack's inbox lies, beside the configuration in `folder`."""
    return folder / "inbox" / f"{pack}.yaml"


def read_wishes(file: Path) -> tuple[Wish, ...]:
    """What stands in an inbox; nothing if there is none.

    Raises:
        InputError: with file, line and column, if it cannot be read.
    """
    if not file.exists():
        return ()
    document = read_document(file, InputError)
    if document.value is None:
        return ()
    return tuple(
        Wish(
            wish.rule,
            Example(text, language, document.where((at, key, language, number))),
            key == "must_fire",
        )
        for at, wish in enumerate(validate(document, _Wishes, InputError).root)
        for key, texts in (("must_fire", wish.must_fire), ("must_not_fire", wish.must_not_fire))
        for language, listed in texts.items()
        for number, text in enumerate(listed)
    )


def as_cases(wishes: Sequence[Wish], pack: Pack) -> tuple[Case, ...]:
    """The wishes as cases of the pack; one that names a rule that is gone is about any."""
    rules = {rule.name: rule for rule in pack.rules}
    return tuple(
        Case((rules[wish.rule],), wish.example, wish.must_fire)
        if wish.rule in rules
        else Case(pack.rules, wish.example, wish.must_fire, general=True)
        for wish in wishes
    )


def example_of(judgement: Judgement) -> Example:
    """The headline and lead of the text that a reader spoke of, without anything that acts on a terminal or file."""
    lead = one_line(judgement.text[: LEAD * 2])
    text = f"{one_line(judgement.title)}\n{shorten(lead, LEAD)}".strip()
    return Example(_UNPRINTABLE.sub("", clean(text)), _language(judgement.language))


def _language(code: str | None) -> str:
    return code if code and re.fullmatch(r"[a-z]{2,3}", code) else _NO_LANGUAGE


def keep(file: Path, judgement: Judgement) -> bool:
    """Add what a reader said to an inbox, which is made if there is none; False if it stands there already.

    Raises:
        InputError: the inbox is no valid list.
        StorageError: it cannot be written.
    """
    example = example_of(judgement)
    must_fire = judgement.verdict is Verdict.MISSED
    known = read_wishes(file)
    if any(
        (wish.rule, wish.example.text, wish.must_fire) == (judgement.rule, example.text, must_fire)
        for wish in known
    ):
        return False
    before = file.read_text(encoding="utf-8-sig") if file.exists() else _HEAD.format(pack=judgement.pack)
    content = f"{before.rstrip()}\n{_entry(judgement, example, must_fire=must_fire)}"
    validate(parse_document(content, str(file), InputError), _Wishes, InputError)
    _replace(file, content)
    return True


def _entry(judgement: Judgement, example: Example, *, must_fire: bool) -> str:
    about = [f"article {judgement.article}", judgement.url, f"{judgement.at:%Y-%m-%d}"]
    if judgement.alert is not None:
        about.insert(1, f"alert {judgement.alert}")
    if judgement.note:
        about.append(judgement.note)
    comment = _UNPRINTABLE.sub("", " · ".join(map(one_line, about)))
    rule = f"rule: {judgement.rule}\n  " if judgement.rule else ""
    key = "must_fire" if must_fire else "must_not_fire"
    # JSON's strings are YAML's, and no sign of a text can end one.
    return f"# {comment}\n- {rule}{key}:\n    {example.language}: [{json.dumps(example.text, ensure_ascii=False)}]\n"


def _replace(file: Path, content: str) -> None:
    """Write all of it or nothing."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".new")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            Path(name).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise StorageError(
            f"cannot be written: {reason}", where=str(file), remedy="make room, or change its permissions"
        ) from None
