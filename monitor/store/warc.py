"""What is in the file of a capture. Not for the service, which reads nothing that pages may have written."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

if TYPE_CHECKING:
    from pathlib import Path

_PIECE = 1024 * 1024


def payload_of(path: Path) -> str:
    """SHA-256 of the body of the page in a capture, hexadecimal, after the digests of all its records were checked.

    Raises:
        ValueError: a digest does not hold, or it is no such archive.
        OSError: it cannot be read.
    """
    body = ""
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                digest = hashlib.sha256()
                while piece := record.raw_stream.read(_PIECE):
                    digest.update(piece)
                if record.digest_checker.passed is False:
                    raise ValueError("; ".join(record.digest_checker.problems))
                if record.rec_type == "response":
                    body = digest.hexdigest()
    except ArchiveLoadFailed as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    if not body:
        raise ValueError("it holds no answer of a server")
    return body
