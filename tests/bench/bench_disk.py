"""What a history takes of a disk, and how long the disk takes to keep something: `make bench-disk`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import figures
from tests.bench.figures import Finding, Sheet, report, row
from tests.bench.generated_history import generate
from tests.bench.history_sizes import commit_ms, sizes


def main() -> int:
    """Make a history, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_disk", description=__doc__)
    parser.add_argument("--articles", type=int, default=30_000, help="of the history that is made")
    figures.add_option(parser)
    given = parser.parse_args()
    # Here, since /tmp may be memory.
    with tempfile.TemporaryDirectory(prefix=".bench-disk-", dir=Path.cwd()) as folder:
        history = Path(folder) / "tumen.db"
        generate(history, given.articles)
        return report(found(given.articles, sizes(history), commit_ms(Path(folder))), kept=given.keep)


def found(articles: int, taken: dict[str, float], commit: float) -> Finding:
    """All of it; of looks and sources there are other figures."""
    rows = (
        row("for each byte of a text, with the index of its words", taken["text_factor"], unit="bytes"),
        row("for an article besides", taken["article_base_bytes"], unit="bytes"),
        row("that stay when the article is pruned", taken["address_bytes"], unit="bytes"),
        row("until a small transaction is safe", commit, unit="ms"),
    )
    names = ("text_factor", "article_base_bytes", "address_bytes")
    return Finding(
        "disk",
        f"A history of {articles:,} articles",
        (Sheet("On the disk", ("",), rows),),
        figures={name: taken[name] for name in names} | {"commit_ms": commit},
    )


if __name__ == "__main__":
    sys.exit(main())
