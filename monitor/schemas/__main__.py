"""Write what the documentation has of the models: docs/schema and the tables of docs/configuration.md."""

from __future__ import annotations

from pathlib import Path

from monitor import schemas
from monitor.schemas.page import page

_DOCS = Path(__file__).parents[2] / "docs"


def main() -> None:
    """Write it, in a checkout."""
    for name in schemas.NAMES:
        (_DOCS / "schema" / f"{name}.json").write_text(schemas.schema_text(name), encoding="utf-8")
    file = _DOCS / "configuration.md"
    file.write_text(page(file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
