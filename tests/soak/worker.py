"""The real crawl worker, whose downloads are answered by the press in place of the network.

All else is as it is: jobs, turns, robots.txt, parsers, extraction, and the lines to its parent.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.http import Response

sys.path.insert(0, str(Path(__file__).parents[2]))
from spiders import worker
from spiders.downloader import Downloader
from tests.soak.press import FOLDER, Press, current

_folder = Path(os.environ[FOLDER])
_press = Press.of(_folder)


async def answer(_downloader, request):
    parts = urlsplit(request.url)
    headers = {name.decode().lower(): values[0].decode() for name, values in request.headers.items()}
    status, tag, body = _press.answer(parts.hostname or "", parts.path, headers, current(_folder))
    kind = "application/rss+xml" if parts.path == "/feed.xml" else "text/html; charset=utf-8"
    return Response(
        request.url,
        status,
        headers={"Content-Type": kind, **({"ETag": tag} if tag else {})},
        body=body,
        request=request,
    )


Downloader.fetch = answer

if __name__ == "__main__":
    worker.main()
