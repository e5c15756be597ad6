"""Reading YAML that people write, so that every message about it can name file, line and column.

Aliases, tags, duplicate keys and large files are refused: none is needed to configure Tumen, and each hides or
multiplies content (a few hundred bytes of aliases can expand to gigabytes).
"""

from monitor.documents.checking import Refusal, suggestion, validate
from monitor.documents.clocks import Clock, Hours, TimeZone, WeekClock
from monitor.documents.inserting import as_flow, as_yaml, with_items
from monitor.documents.naming import Called
from monitor.documents.places import Document, Path
from monitor.documents.reading import MAX_SIZE, parse_document, read_document, read_text

__all__ = [
    "MAX_SIZE",
    "Called",
    "Clock",
    "Document",
    "Hours",
    "Path",
    "Refusal",
    "TimeZone",
    "WeekClock",
    "as_flow",
    "as_yaml",
    "parse_document",
    "read_document",
    "read_text",
    "suggestion",
    "validate",
    "with_items",
]
