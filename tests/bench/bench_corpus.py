"""What is decided about labelled texts: `tumen replay`; `python tests/bench/bench_corpus.py`.

The corpus is not part of the project: it is looked for beside the checkout, and nothing of it is kept.
"""

from __future__ import annotations

import importlib.util
import io
import resource
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from processes import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"
TUMEN = Path(sys.executable).with_name("tumen")


def main() -> None:
    """Score the decisions, if the labelled texts are there."""
    if not (CORPUS / "topic").is_dir():
        _say(f"SKIPPED: there is no shared/{CORPUS.name}/topic beside this checkout")
        return
    with TemporaryDirectory() as folder:
        score_topic(CORPUS / "topic", Path(folder))


def score_topic(corpus: Path, folder: Path) -> None:
    """Decisions about labelled texts."""
    labelled = corpus / "articles.jsonl"
    decisions, seconds = _tumen(folder, "replay", labelled, "--json")
    score = _quiet(_scorer("score_topic").main, labelled, decisions)
    _say(f"topic ({score['docs']} texts, {score['missing']} missing, {seconds:.1f} CPU s)")
    for name in ("all", "real", "implicit"):
        p, r, n, false = (score[name][key] for key in ("p", "r", "n", "fp"))
        _say(f"  {name:9} precision {p:.3f}   recall {r:.3f}   ({n} relevant, {false} false)")
    for name in ("bcubed", "cross"):
        p, r, f1 = (score[name][key] for key in ("p", "r", "f1"))
        _say(f"  {name:9} precision {p:.3f}   recall {r:.3f}   F1 {f1:.3f}")
    for name in ("stories_heard_of", "first_report_alerted", "updates_alerted", "repeats_suppressed"):
        _say(f"  {name.replace('_', ' '):22} {score[name][0]} of {score[name][1]}")
    _say(f"  {'alerts per story':22} {score['alerts_per_story']}")
    _say(
        "  by language (precision/recall): "
        + ", ".join(f"{lang} {told['p']:.2f}/{told['r']:.2f}" for lang, told in score["lang"].items())
    )


def _tumen(folder: Path, *arguments: str | Path) -> tuple[Path, float]:
    """Where the output of a command is, and its CPU seconds. It must end with 0."""
    output = folder / f"{arguments[0]}.jsonl"
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with output.open("wb") as lines:
        subprocess.run([TUMEN, *arguments], stdout=lines, check=True, cwd=ROOT)
    return output, _since(used)


def _scorer(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, CORPUS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _quiet(score: Any, *files: Path) -> dict[str, Any]:
    with redirect_stdout(io.StringIO()):
        found: dict[str, Any] = score(*map(str, files))
    return found


def _since(before: resource.struct_rusage) -> float:
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.dont_write_bytecode = True  # nothing is left beside the corpus
    main()
