"""The real worker, for whom 127.0.0.2 is a public address, and `2.1.turns.example` a name that changes its mind.

Each label of such a name is one answer of its name server, the last one for ever: `2` is 127.0.0.2, and `21` both
127.0.0.2 and 127.0.0.1.
"""

from __future__ import annotations

import socket
from collections import Counter

from spiders import guard, worker

look_up = socket.getaddrinfo
is_public = guard.is_public
asked: Counter[str] = Counter()


def answer(host, port, *more):
    name = host.decode() if isinstance(host, bytes) else host
    if not name.endswith(".turns.example"):
        return look_up(host, port, *more)
    turns = name.removesuffix(".turns.example").split(".")
    turn = turns[min(asked[name], len(turns) - 1)]
    asked[name] += 1
    return [found for digit in turn for found in look_up(f"127.0.0.{digit}", port, *more)]


socket.getaddrinfo = answer
guard.is_public = lambda address: address == "127.0.0.2" or is_public(address)

if __name__ == "__main__":
    worker.main()
