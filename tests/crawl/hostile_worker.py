"""The real worker, with parsers that do what a page tells them to: hang, exit, crash, eat memory."""

from __future__ import annotations

import faulthandler
import os
import sys
import time

from spiders import extract, sources, worker


def _obey(body: bytes) -> None:
    if b"HANG" in body:
        time.sleep(3600)
    if b"EXIT" in body:
        os._exit(3)
    if b"QUIT" in body:
        sys.exit("a library wanted to end")
    if b"CRASH" in body:
        faulthandler.disable()
        os.kill(os.getpid(), 11)
    if b"EAT" in body:
        bytearray(1 << 34)
    if b"PRINT" in body:
        print("a library prints")
        os.system("echo and so does its child")
    if b"GARBAGE" in body:
        os.write(_pipe[0], b"this is no message\n")
        time.sleep(3600)


def _telling(parser):
    def parse(body, *args, **named):
        _obey(body)
        return parser(body, *args, **named)

    return parse


_pipe: list[int] = []
_take_streams = worker._take_streams


def _noting_streams():
    lines, pipe = _take_streams()
    _pipe.append(pipe)
    return lines, pipe


worker._take_streams = _noting_streams
extract.read_article = _telling(extract.read_article)
sources.read_source = _telling(sources.read_source)

if __name__ == "__main__":
    worker.main()
