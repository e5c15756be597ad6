"""Reading topic packs: a folder of YAML becomes a `Pack`, or one clear error with file, line and column.

pack.yaml            name, label, macros, must_not_fire
concepts/*.yaml      concepts by name
rules/*.yaml         rules by name
"""

from monitor.packs.files import pack_files, pack_version
from monitor.packs.finding import find_pack, shipped, shipped_names
from monitor.packs.reading import load_pack, shipped_topics, wanted_sources
from monitor.packs.starting import check_new, start_pack

__all__ = [
    "check_new",
    "find_pack",
    "load_pack",
    "pack_files",
    "pack_version",
    "shipped",
    "shipped_names",
    "shipped_topics",
    "start_pack",
    "wanted_sources",
]
