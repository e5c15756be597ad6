"""The shape of the house: which room imports which, who is the door to which library, and how large rooms get."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for room in ("monitor", "spiders") for path in (ROOT / room).rglob("*.py"))
MOST_LINES = 330
MOST_LINES_OF_A_FUNCTION = 50

# Who may import a library: the paths that begin so.
DOORS = {
    "apscheduler": ("monitor/scheduler.py",),
    "apprise": ("monitor/notify/",),
    "sqlite3": ("monitor/store/",),
    "sqlite_utils": ("monitor/store/",),
    "scrapy": ("spiders/",),
    "twisted": ("spiders/",),
    "trafilatura": ("spiders/",),
    "feedparser": ("spiders/",),
    "lxml": ("spiders/",),
    "htmldate": ("spiders/",),
    "justext": ("spiders/stopwords.py",),
    "warcio": ("spiders/capturing.py", "monitor/store/warc.py"),
    "ahocorasick_rs": ("monitor/core/terms.py",),
    "opencc": ("monitor/core/text.py",),
    "aiosmtpd": ("monitor/demo/",),
    "click": ("monitor/cli/",),
    "rich": ("monitor/cli/",),
    "yaml": ("monitor/documents/", "monitor/notify/voice.py", "monitor/publish/words.py", "monitor/demo/"),
    "pydantic": (
        "monitor/documents/",
        "monitor/config/",
        "monitor/packs/",
        "monitor/catalogue.py",
        "monitor/schemas/",
        "monitor/jobs/inbox.py",
    ),
    "jinja2": ("monitor/notify/", "monitor/demo/", "monitor/publish/", "monitor/web/"),
    "prometheus_client": ("monitor/metrics/",),
    "datasette": ("monitor/web/",),
    "uvicorn": ("monitor/web/",),
    "dask": ("monitor/crawl/cluster/door.py",),
    "distributed": ("monitor/crawl/cluster/door.py",),
    "cattrs": ("spiders/wire.py",),
    "wordfreq": ("monitor/jobs/wordlists.py",),
    "simplemma": ("monitor/jobs/wordlists.py",),
    "pytest": ("monitor/pytest_plugin.py",),
}


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def imported(tree):
    """Every module that is imported anywhere in a file, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def run(*code_or_command):
    return subprocess.run(code_or_command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)


def test_imports_point_down():
    lint = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert lint.returncode == 0, lint.stdout[-3000:] + lint.stderr[-1000:]


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_a_room_can_be_read_at_one_sitting(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            assert lines <= MOST_LINES_OF_A_FUNCTION, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("library", DOORS)
def test_only_the_door_of_a_library_imports_it(library):
    guests = {
        str(path.relative_to(ROOT))
        for path in FILES
        for module in imported(ast.parse(path.read_text(encoding="utf-8")))
        if module.split(".")[0] == library and not str(path.relative_to(ROOT)).startswith(DOORS[library])
    }
    assert guests == set()


def test_the_service_loads_no_crawler_and_no_parser():
    heavy = {"scrapy", "twisted", "trafilatura", "feedparser", "htmldate", "warcio"}
    code = f"import sys, monitor.app; print(*sorted({heavy!r} & set(sys.modules)))"
    loaded = run(sys.executable, "-W", "ignore", "-c", code)
    assert (loaded.returncode, loaded.stdout.strip()) == (0, ""), loaded.stderr


def test_the_pure_rooms_load_no_library_that_acts():
    code = (
        "import sys, importlib, pkgutil, monitor.core\n"
        "for room in pkgutil.iter_modules(monitor.core.__path__):\n"
        "    importlib.import_module(f'monitor.core.{room.name}')\n"
        "print(*sorted({'sqlite3', 'socket', 'asyncio', 'pydantic', 'yaml', 'click', 'logging'} & set(sys.modules)))"
    )
    # Without what keeps other tests on this machine: that one loads libraries itself.
    loaded = run(sys.executable, "-S", "-c", f"import sys\nsys.path[:0] = {sys.path!r}\n{code}")
    assert (loaded.returncode, loaded.stdout.strip()) == (0, ""), loaded.stderr


CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}


@pytest.mark.parametrize("path", [path for path in FILES if "core" in path.parts], ids=lambda path: path.name)
def test_the_pure_rooms_read_no_clock_and_no_chance(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not {"random", "time", "os", "logging"} & {module.split(".")[0] for module in imported(tree)}
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not CLOCKS & called
