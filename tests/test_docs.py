"""What the documentation says is so, and what there is to know is in it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
import yaml

from monitor import packs
from monitor.catalogue import SourceChoice, shipped_sources
from monitor.cli import EPILOG
from monitor.cli import tumen as group
from monitor.config import ListedSources, parse_settings
from monitor.core.delivery.bundling import Occasion
from monitor.core.delivery.deliveries import DeliveryState, Hold
from monitor.core.delivery.notices import NoticeKind
from monitor.core.errors import MonitorError
from monitor.core.liveness import SymptomKind
from monitor.core.models import EntryState, Reason
from monitor.core.sources.state import Condition
from monitor.core.topic import ConceptKind, Severity
from monitor.demo.script import load
from monitor.documents import parse_document, validate
from monitor.jobs.integrity import FaultKind
from monitor.metrics import DECLARED
from monitor.packs.declared import ConceptDeclaration, NameDeclaration, PackFile, RuleDeclaration
from spiders.captures import CaptureFault
from spiders.items import CrawlReport, Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FILES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    ROOT.glob("docs/*.md")
)
TEXTS = {file: file.read_text(encoding="utf-8") for file in FILES}
README = TEXTS[ROOT / "README.md"]
CONFIGURATION = TEXTS[ROOT / "docs" / "configuration.md"]
PACKS = TEXTS[ROOT / "docs" / "packs.md"]
ARCHITECTURE = TEXTS[ROOT / "docs" / "architecture.md"]
DELIVERY = TEXTS[ROOT / "docs" / "delivery.md"]
EVIDENCE = TEXTS[ROOT / "docs" / "evidence.md"]
MONITORING = TEXTS[ROOT / "docs" / "monitoring.md"]
REASONS = TEXTS[ROOT / "docs" / "reasons.md"]


def names(file: Path) -> str:
    return str(file.relative_to(ROOT))


def blocks(text: str, language: str) -> list[str]:
    """The code blocks in a language, without their indentation."""
    found = []
    for indent, content in re.findall(
        rf"^( *)```{language}\n(.*?)^ *```", text, flags=re.MULTILINE | re.DOTALL
    ):
        found.append("\n".join(line.removeprefix(indent) for line in content.splitlines()))
    return found


def in_code(text: str) -> set[str]:
    """Everything that stands between backticks outside of blocks."""
    return set(
        re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL))
    )


def first_cells(text: str) -> set[str]:
    """What stands between backticks in the first column of tables."""
    cells = (line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


# Links


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", FILES, ids=names)
def test_every_link_leads_somewhere(file):
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[file]):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        there = (file.parent / path).resolve() if path else file
        assert there.exists(), f"{names(file)} links to {target}"
        assert not anchor or anchor in anchors(there.read_text(encoding="utf-8"))


def test_every_document_is_reached_from_the_readme():
    for file in ROOT.glob("docs/*.md"):
        assert f"docs/{file.name}" in README


# Commands


def commands() -> Iterator[tuple[str, ...]]:
    for text in TEXTS.values():
        lines = [line for block in blocks(text, "sh") for line in block.splitlines()]
        for line in [*lines, *in_code(text)]:
            if line.startswith("tumen ") and "|" not in line:
                yield tuple(shlex.split(line, comments=True)[1:])


def parse(words: tuple[str, ...]) -> None:
    """Read a command line as the program would, without doing anything."""
    command, rest = group, list(words)
    while isinstance(command, click.Group) and rest:
        name = rest.pop(0)
        command = command.get_command(click.Context(command, help_option_names=["-h", "--help"]), name)
        assert command is not None, f"there is no command {name}"
    _, left, _ = command.make_parser(click.Context(command, help_option_names=["-h", "--help"])).parse_args(
        args=rest
    )
    assert left == []


@pytest.mark.parametrize("words", sorted(set(commands())), ids=" ".join)
def test_every_documented_command_is_understood(words):
    parse(words)


def test_there_are_documented_commands_to_check():
    assert {words[0] for words in commands()} >= {
        "run",
        "check",
        "status",
        "alerts",
        "sources",
        "extract",
        "replay",
    }


def test_every_command_is_in_the_readme():
    for name in group.list_commands(click.Context(group)):
        assert re.search(rf"(tumen|make) {name}\b", README), f"README.md does not name {name}"


def test_every_make_target_that_is_named_exists():
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    for file, text in TEXTS.items():
        code = "\n".join([*blocks(text, "sh"), *in_code(text)])
        for target in re.findall(r"^make ([a-z-]+)", code, flags=re.MULTILINE):
            assert target in targets, f"{names(file)} names make {target}"


def test_exit_codes_are_the_same_everywhere():
    def codes(text: str) -> dict[str, str]:
        text = " ".join(text.split())
        return dict(re.findall(r"\b(\d) (?=[a-z])([a-z ,]*[a-z])", text))

    listed = README[README.index("Exit codes:") :].split("\n\n")[0]
    told = {code: words.split(",")[0] for code, words in codes(listed).items()}
    shown = {code: words.split(",")[0] for code, words in codes(EPILOG).items()}
    assert set(told) == set(shown) == {"0", "1", "2", "3", "4", "5", "6"}
    assert told == shown

    def below(error: type[MonitorError]) -> Iterator[type[MonitorError]]:
        yield error
        for inner in error.__subclasses__():
            yield from below(inner)

    assert {str(error.exit_code) for error in below(MonitorError)} <= set(told)


# Settings, declarations and packs


def test_every_metric_is_documented_as_it_is_declared():
    rows = [
        f"| `{one.full_name}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels)} | {one.means} |"
        for one in DECLARED
    ]
    table = MONITORING[MONITORING.index("| metric |") :].split("\n\n")[0].splitlines()[2:]
    assert table == rows, "docs/monitoring.md should have:\n" + "\n".join(rows)


def test_every_kind_and_severity_is_documented():
    for word in [*Kind, *Severity]:
        assert word.value in in_code(CONFIGURATION)


def test_every_key_of_a_pack_is_documented():
    text = PACKS + "".join(blocks(PACKS, ""))
    for model in (PackFile, SourceChoice, ConceptDeclaration, RuleDeclaration, NameDeclaration):
        for name in model.model_fields:
            assert re.search(rf"\b{name}\b", text), f"{name} is not in docs/packs.md"
    for kind in ConceptKind:
        assert kind.value in in_code(PACKS)
    for level in Severity:
        assert level.value in in_code(PACKS)


ENVIRONMENT = dict.fromkeys(
    ("MAIL_PASSWORD", "SLACK_TOKEN", "AGENCY_PASSWORD", "AGENCY_KEY"), "xoxb-1-2-abc"
) | {"HEARTBEAT_URL": "https://hc-ping.example/uuid"}


@pytest.mark.parametrize(
    "text",
    [block for page in (README, CONFIGURATION, DELIVERY, MONITORING) for block in blocks(page, "yaml")],
)
def test_every_configuration_shown_is_valid(text, tmp_path):
    settings = parse_settings(text, tmp_path, ENVIRONMENT)
    assert settings.channels or settings.sources.own or settings.sources.files


def test_the_file_of_sources_shown_is_one():
    (text,) = blocks(CONFIGURATION, "yml")
    assert validate(parse_document(text, "shown"), ListedSources).root


def test_the_pack_shown_is_valid_and_its_examples_hold(tmp_path):
    concepts, rules = blocks(PACKS, "yaml")
    shown = yaml.safe_load(concepts)
    wanted = set(re.findall(r"\b[a-z]+\b", yaml.safe_load(rules)["troops"]["when"])) - {"title", *shown}
    rest = {
        name: {"kind": "subject", "label": {"en": name}, "names": {"en": [word], "de": [other]}}
        for name, word, other in (
            ("dprk", "North Korea*", "Nordkorea*"),
            ("soldiers", "soldier*", "Soldat*"),
            ("deploy", "deploy*", "entsend*"),
            ("sport", "football*", "Fußball*"),
        )
    }
    assert wanted <= set(rest), "docs/packs.md names a concept that this test does not know"
    for folder, name, content in (
        ("concepts", "shown.yaml", concepts.replace("[Russia*]", "[Russia*, Russland*]")),
        ("concepts", "rest.yaml", yaml.safe_dump(rest, allow_unicode=True)),
        ("rules", "shown.yaml", rules),
        ("", "pack.yaml", "name: shown\nlabel: {en: Shown}\n"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text(content, encoding="utf-8")
    pack = packs.load_pack(tmp_path)
    assert {rule.name for rule in pack.rules} == {"troops"}
    assert {"kursk", "russia"} <= set(pack.concepts)


def test_every_block_of_yaml_can_be_read():
    for file, text in TEXTS.items():
        for block in blocks(text, "yaml"):
            parse_document(block, names(file))


# Reasons


@pytest.mark.parametrize(
    "word",
    [*Reason, *EntryState, *Condition, *DeliveryState, *SymptomKind, *Hold, *Occasion, *NoticeKind],
    ids=str,
)
def test_every_reason_and_state_is_explained(word):
    assert word.value in first_cells(REASONS)


def test_every_outcome_of_a_task_is_explained():
    listed = CrawlReport.__doc__.partition("reason:")[2].partition("detail:")[0]
    words = set(re.findall(r"`([a-z_]+)`", listed))
    raising = re.compile(r"(?:Trouble|NotASource|_failed|CrawlReport)\([^()\"]*\"([a-z_]+)\"")
    for file in [*(ROOT / "spiders").glob("*.py"), *(ROOT / "monitor").glob("*/*.py")]:
        words |= set(raising.findall(file.read_text(encoding="utf-8")))
    assert words > {"timeout", "no_text", "deadline", "not_a_source", "unreadable_file"}
    assert words <= first_cells(REASONS)
    assert {outcome.value for outcome in Outcome} <= in_code(ARCHITECTURE)


# Claims


NUMBERS = {"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "a dozen": 12}


def test_the_demo_is_as_large_as_told():
    outlets_told, languages_told = re.search(
        r"(\w+) invented outlets .*?\s+publish in (\w+) languages", README, re.DOTALL
    ).groups()
    outlets = yaml.safe_load((ROOT / "monitor" / "demo" / "outlets.yaml").read_text(encoding="utf-8"))
    assert len(outlets) == NUMBERS[outlets_told]
    assert len({article.language for article in load()}) == NUMBERS[languages_told]


def test_as_many_sources_ship_as_told():
    shipped = shipped_sources()
    there = (len(shipped), len({source.language for source in shipped if source.language}))
    shapes = {
        "CHANGELOG.md": r"(\d+) sources ship with it, in (\d+) languages",
        "README.md": r"(\d+) in (\d+) languages come with Tumen",
        "docs/sources.md": r"(\d+) sources in (\d+) languages come with Tumen",
    }
    for file, shape in shapes.items():
        assert tuple(map(int, re.search(shape, TEXTS[ROOT / file]).groups())) == there, file


def test_tags_of_shipped_sources_are_the_words_that_are_explained():
    text = TEXTS[ROOT / "docs" / "sources.md"]
    explained = first_cells(text[text.index("## Tags") : text.index("## Unverified")])
    assert {tag for source in shipped_sources() for tag in source.tags} == explained


def test_every_outlet_banned_in_the_eu_is_named_and_off():
    banned = [source for source in shipped_sources() if "Annex XV" in source.note]
    assert len(banned) == 8
    text = " ".join(TEXTS[ROOT / "docs" / "sources.md"].split())
    for source in banned:
        assert not source.enabled
        assert source.title.partition(" (")[0].removesuffix(".ru") in text


def test_the_pack_knows_as_many_languages_as_told():
    pack = packs.load_pack(packs.find_pack("dprk-russia", ROOT))
    proven = {example.language for rule in pack.rules for example in rule.must_fire}
    told = re.search(r"in (\w+) languages and more", TEXTS[ROOT / "CHANGELOG.md"]).group(1)
    assert len(proven) >= NUMBERS[told]
    assert "in a dozen languages" in README
    for name in ("dprk", "russia", "soldiers"):
        assert len({term.language for term in pack.concepts[name].terms}) >= NUMBERS["a dozen"]


def test_the_languages_of_messages_are_those_told():
    phrases = yaml.safe_load((ROOT / "monitor" / "notify" / "phrases.yaml").read_text(encoding="utf-8"))
    told = re.search(r"words around the original titles \(([a-z, ]+)\)", CONFIGURATION).group(1)
    assert told.split(", ") == sorted(phrases)


def test_the_rooms_of_the_house_are_those_that_exist():
    plan = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rooms = {room.strip() for layer in plan["contracts"][0]["layers"] for room in layer.split("|")}
    (told,) = (block for block in blocks(ARCHITECTURE, "") if "monitor/" in block)
    assert {room for room in rooms if not re.search(rf"\b{room}\b", told)} == set()
    for name in re.findall(r"\b(\w+\.py)\b", told):
        assert list(ROOT.glob(f"*/{name}")), f"there is no {name}"
    for path in re.findall(r"`((?:\w+/)+\w+(?:\.\w+)?)`", "".join(TEXTS.values())):
        room, _, _ = path.partition("/")
        if room in {"monitor", "spiders", "rules", "docs", "deploy", "tests"}:
            assert (ROOT / path).exists(), f"there is no {path}"


def test_the_spiders_that_are_named_can_be_run_alone():
    named = re.search(r"SCRAPY_SETTINGS_MODULE=(\S+) scrapy crawl (\w+) -a (\w+)=", README)
    settings, spider, _ = named.groups()
    environment = os.environ | {"SCRAPY_SETTINGS_MODULE": settings, "PYTHONPATH": str(ROOT)}
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert spider in listed.stdout.split()


@pytest.mark.parametrize("word", [*CaptureFault, *FaultKind])
def test_every_fault_of_what_is_kept_is_explained(word):
    assert word.value in first_cells(EVIDENCE)
