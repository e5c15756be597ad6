"""news-please as its command line runs it: a process for each site, five at a time, articles in JSON files.

Its crawler of RSS feeds, the settings as it ships them, but: the pause and one request at a time for each outlet, as
for everybody, and its extractor that asks for no pictures.
"""

from __future__ import annotations

import json
from configparser import RawConfigParser
from typing import TYPE_CHECKING

from tests.bench.peers.running import DELAY, Read, apart, installed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.peers.newsroom import Newsroom

_EXTRACTORS = [
    "newspaper_extractor_no_images",
    "readability_extractor",
    "date_extractor",
    "lang_detect_extractor",
]


class NewsPlease:
    """The command line."""

    name = "news-please"
    manners = f"{DELAY * 1000:.0f} ms from one request to the next, robots.txt"

    def command(self, room: Newsroom, folder: Path) -> list[str | Path]:
        """All outlets, each as a site with a feed."""
        place = installed(self.name)
        settings = RawConfigParser()
        settings.optionxform = str  # names of Scrapy's settings are in capitals
        settings.read(next(place.glob("lib/python*/site-packages/newsplease/config/config.cfg")), "utf-8")
        settings["Files"]["working_path"] = str(folder)
        settings["ArticleMasterExtractor"]["extractors"] = repr(_EXTRACTORS)
        settings["Scrapy"].update({"DOWNLOAD_DELAY": str(DELAY), "CONCURRENT_REQUESTS_PER_DOMAIN": "1"})
        config = folder / "config"
        config.mkdir()
        with (config / "config.cfg").open("w", encoding="utf-8") as file:
            settings.write(file)
        sites = [{"url": f"{base}/", "crawler": "RssCrawler"} for base in room.outlets]
        (config / "sitelist.hjson").write_text(json.dumps({"base_urls": sites}), encoding="utf-8")
        return [*apart(folder), place / "bin" / "news-please", "-c", f"{config}/"]

    def is_done(self, _folder: Path, _outlets: int) -> bool:
        """It ends by itself, up to ten seconds after it is done."""
        return False

    def finished(self, folder: Path) -> float | None:
        """When the last article was written."""
        return max((file.stat().st_mtime for file in _files(folder)), default=None)

    def articles(self, folder: Path) -> dict[str, Read]:
        """What is in the files."""
        found = (json.loads(file.read_text(encoding="utf-8")) for file in _files(folder))
        return {each["url"]: Read(each["title"] or "", each["maintext"] or "") for each in found}


def _files(folder: Path) -> list[Path]:
    return list(folder.glob("data/**/*.json"))
