"""newspaper4k's source crawl, in its own environment: `python newspaper_driver.py SITES.json ARTICLES.jsonl`.

As its documentation has it: each site is built, then all are fetched with threads. One thread for each site, since
it knows no pause between requests; no pictures, nothing from earlier runs, robots.txt obeyed, short articles kept.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import newspaper
from newspaper.mthreading import fetch_news

AT_ONCE = 10  # sites: as many threads as newspaper4k has by itself


def built(site: str) -> newspaper.Source:
    """A site, its front page and feeds read."""
    return newspaper.build(
        site,
        memorize_articles=False,
        disable_category_cache=True,
        fetch_images=False,
        number_threads=1,
        allow_binary_content=True,  # else it asks twice more for each page, to see whether it is one
        honor_robots_txt=True,
        min_word_count=1,
        min_sent_count=1,
    )


def main(sites: str, articles: str) -> None:
    """Read them all, then write what was read."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sources = list(pool.map(built, json.loads(Path(sites).read_text(encoding="utf-8"))))
    with Path(articles).open("w", encoding="utf-8") as out:
        for source in fetch_news(sources, threads=AT_ONCE):
            for article in source.articles:
                found = {"url": article.url, "title": article.title, "text": article.text}
                out.write(json.dumps(found, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
