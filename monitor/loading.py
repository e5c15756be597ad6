"""Ctrl-C while modules are loaded."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTERRUPTED = 130


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Have Ctrl-C end the process at once, with 130 and without a word, while the block loads modules.

    Nothing has begun yet, so nothing is to be put in order. An exception would come out of a module that is half
    loaded as whatever that module makes of it: an ImportError, most of all. A signal that is ignored, or handled by
    somebody else, stays so.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
