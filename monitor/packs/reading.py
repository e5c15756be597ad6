"""From the files of a pack to the values that rules work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.errors import RuleError
from monitor.core.grammar import parse
from monitor.core.matching import terms
from monitor.core.spelling import spellings
from monitor.core.terms import TermFinder
from monitor.core.text import fold, fold_text
from monitor.core.topic import Concept, Example, Pack, Rule
from monitor.core.wordlist import TermList
from monitor.documents import Document, read_document, suggestion, validate
from monitor.packs.declared import ConceptsFile, PackFile, RulesFile
from monitor.packs.files import pack_version, yaml_files
from monitor.packs.finding import HEAD, find_pack, shipped, shipped_names
from monitor.packs.macros import read_macros

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable

    from monitor.catalogue import SourceChoice
    from monitor.documents import Path
    from monitor.packs.declared import ConceptDeclaration, NameDeclaration, RuleDeclaration


def load_pack(folder: Traversable) -> Pack:
    """Read and check a pack.

    Raises:
        RuleError: with file, line, column, cause and remedy.
    """
    version = pack_version(folder)  # before it is read: what changes meanwhile is seen as a change later
    head_file = read_document(folder.joinpath(HEAD), RuleError)
    head = validate(head_file, PackFile, RuleError)
    concepts = _concepts(folder)
    macros = read_macros(head.macros, head_file, concepts)
    rules = tuple(_rules(folder, concepts, macros))
    if not rules:
        raise RuleError("the pack has no rules", where=str(folder), remedy="add rules/NAME.yaml with a rule")
    pack = Pack(
        name=head.name,
        labels=head.label,
        version=version,
        concepts=concepts,
        rules=rules,
        must_not_fire=_examples(head.must_not_fire, head_file, ("must_not_fire",)),
        skim=head.skim,
        where=str(folder),
        macros={name: head_file.where(("macros", name)) for name in macros},
    )
    for _, term in terms(pack):
        for _ in spellings(term):  # a broken one is reported here, with its place
            pass
    return pack


def wanted_sources(names: Iterable[str], beside: pathlib.Path) -> tuple[SourceChoice | None, ...]:
    """The sources that each of these packs asks for (see `find_pack`), None if it does not say. Raises RuleError."""
    heads = (find_pack(name, beside).joinpath(HEAD) for name in names)
    return tuple(validate(read_document(head, RuleError), PackFile, RuleError).sources for head in heads)


def shipped_topics() -> dict[str, str]:
    """What each pack that comes with Tumen is about, in English, by its name."""
    heads = {folder.name: folder.joinpath(HEAD) for folder in map(shipped, shipped_names()) if folder}
    return {
        name: validate(read_document(head, RuleError), PackFile, RuleError).label["en"]
        for name, head in heads.items()
    }


def _concepts(folder: Traversable) -> dict[str, Concept]:
    concepts: dict[str, Concept] = {}
    seen: dict[str, str] = {}
    parts: dict[str, str] = {}
    for file in yaml_files(folder.joinpath("concepts")):
        for concept, where, part_of in _listed(file):
            _refuse_second(concept.name, where, seen)
            concepts[concept.name] = concept
            parts[concept.name] = part_of
    for name, where in parts.items():
        _check_whole(concepts[name], concepts, where)
    return concepts


def _listed(file: Traversable) -> Iterator[tuple[Concept, str, str]]:
    """The concepts of one file, and where each and its `part_of` stand. The file is forgotten before the next."""
    document = read_document(file, RuleError)
    for name, given in validate(document, ConceptsFile, RuleError).root.items():
        concept = Concept(
            name,
            given.kind,
            given.label,
            TermList(_terms(name, given, document)),
            weight=given.weight,
            part_of=given.part_of,
            news=given.news,
            official=given.official,
        )
        yield concept, document.where((name,)), document.where_value((name, "part_of"))


def _check_whole(part: Concept, concepts: Mapping[str, Concept], where: str) -> None:
    whole = part.part_of
    if whole == part.name:
        raise RuleError(f"{whole} is part_of itself", where=where, remedy="leave part_of out")
    if whole and whole not in concepts:
        raise RuleError(
            f"{part.name} is part_of {whole}, which is no concept",
            where=where,
            remedy=suggestion(whole, concepts) or "name a concept of this pack",
        )


def _terms(concept: str, given: ConceptDeclaration, document: Document) -> Iterator[q.Term]:
    for language, names in given.names.items():
        seen: dict[tuple[str, tuple[str, ...]], str] = {}
        for number, name in enumerate(names):
            term = _term(name, language, document, (concept, "names", language, number))
            first = seen.setdefault((term.text, term.only), term.where)
            if first != term.where:
                raise RuleError(
                    f"{concept} has the name {term.text!r} twice under {language}, first at {first}",
                    where=term.where,
                    remedy="remove one",
                )
            yield term


def _term(name: str | NameDeclaration, language: str, document: Document, path: Path) -> q.Term:
    if isinstance(name, str):
        term = q.Term(name, language, where=document.where(path))
    else:
        where = document.where_value((*path, "term"))
        term = q.Term(name.term, language, tuple(name.not_inside), where, tuple(name.only))
    if not term.text.strip(" ="):
        raise RuleError(f"{path[0]} has a name without a word", where=term.where, remedy="remove it")
    if term.not_inside:
        _check_not_inside(term, document, path)
    return term


def _check_not_inside(term: q.Term, document: Document, path: Path) -> None:
    """Refuse longer words that do not hold the term: they would do nothing, or everything."""
    text = term.text.removeprefix("=")
    bare = TermFinder([(0, q.Term(text, where=term.where))])
    for number, longer in enumerate(term.not_inside):
        where = document.where_value((*path, "not_inside", number))
        if not longer.strip():
            raise RuleError(
                f"not_inside of {term.text!r} holds an empty word", where=where, remedy="remove it"
            )
        if fold_text(longer).strip() == fold_text(text).strip():
            raise RuleError(
                f"the name {term.text!r} would never count, because not_inside holds it",
                where=where,
                remedy="write the longer word in which it does not count",
            )
        if not bare.find(fold(longer)):
            raise RuleError(
                f"{longer!r} does not hold the name {term.text!r}, so not_inside changes nothing",
                where=where,
                remedy="write the longer word in which the name would be found, or remove it",
            )


def _rules(
    folder: Traversable, concepts: Mapping[str, Concept], macros: Mapping[str, q.Query]
) -> Iterator[Rule]:
    seen: dict[str, str] = {}
    for file in yaml_files(folder.joinpath("rules")):
        document = read_document(file, RuleError)
        for name, rule in validate(document, RulesFile, RuleError).root.items():
            where = document.where((name,))
            _refuse_second(name, where, seen)
            yield Rule(
                name=name,
                labels=rule.label,
                query=_condition(name, rule, document, concepts, macros),
                source=rule.when.strip(),
                severity=rule.severity,
                tags=tuple(rule.tags),
                must_fire=_examples(rule.must_fire, document, (name, "must_fire")),
                must_not_fire=_examples(rule.must_not_fire, document, (name, "must_not_fire")),
                where=where,
                general=rule.general,
            )


def _condition(
    name: str,
    rule: RuleDeclaration,
    document: Document,
    concepts: Mapping[str, Concept],
    macros: Mapping[str, q.Query],
) -> q.Query:
    place = document.within((name, "when"))
    query = parse(rule.when, concepts, macros, place)
    if q.is_silent(query):
        raise RuleError(
            f"{name} can hold where none of its words stands, so nothing would show why it fired",
            where=place(len(rule.when) - len(rule.when.lstrip())),
            remedy="let each alternative ask for a concept or word, like  a AND NOT b",
        )
    return query


def _examples(
    texts: Mapping[str, list[str]], document: Document, path: tuple[str, ...]
) -> tuple[Example, ...]:
    found = tuple(
        Example(text, language, document.where((*path, language, number)))
        for language, listed in texts.items()
        for number, text in enumerate(listed)
    )
    for example in found:
        if not example.text.strip():
            raise RuleError(
                "an example without a word proves nothing", where=example.where, remedy="remove it"
            )
    return found


def _refuse_second(name: str, where: str, seen: dict[str, str]) -> None:
    if name in seen:
        raise RuleError(f"{name} is defined twice, first at {seen[name]}", where=where, remedy="rename one")
    seen[name] = where
