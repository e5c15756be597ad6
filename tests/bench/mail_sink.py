"""A mail server of its own process that says when it took each mail: `python tests/bench/mail_sink.py`.

It prints its port; when its input ends, it prints a JSON line for each mail: `at` (seconds, the machine's monotonic
clock), `raw`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from aiosmtpd.smtp import SMTP


class Sink:
    """Keeps what comes; parsing waits until nobody is measured."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd calls it so
        self.taken.append((time.monotonic(), envelope.original_content))
        return "250 OK"


async def main():
    sink = Sink()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(sink), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for at, raw in sink.taken:
        print(json.dumps({"at": at, "raw": raw.decode("latin-1")}))


if __name__ == "__main__":
    asyncio.run(main())
