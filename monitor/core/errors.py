"""Every error Tumen raises on purpose.

    MonitorError
    ├── ConfigError      tumen.yaml, the environment, a source's declaration     exit code 2
    ├── RuleError        a pack: concept, rule or query                          exit code 2
    ├── InputError       a file or argument given to a command                   exit code 2
    ├── CrawlError       the crawl worker cannot be started or kept              exit code 1
    ├── DeliveryError    a channel refused or did not answer                     exit code 1
    ├── StorageError     the history cannot be written                           exit code 3
    │   ├── DatabaseDamaged                                                      exit code 4
    │   ├── DatabaseNewer                                                        exit code 5
    │   └── DatabaseBusy   locked by somebody else for longer than we wait       exit code 3
    └── AlreadyRunning   another instance holds the history                      exit code 6

A message says what happened, `where` says where (file and line, source, channel), `remedy` what to do. Bugs are not
wrapped: they are not MonitorErrors.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class MonitorError(Exception):
    """Anything a reader can understand and mend."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  → {self.remedy}" if self.remedy else text


class ConfigError(MonitorError):
    """The configuration says something that cannot be."""

    exit_code = 2


class RuleError(MonitorError):
    """A pack says something that cannot be."""

    exit_code = 2


class InputError(MonitorError):
    """A file or argument given to a command cannot be used."""

    exit_code = 2


class CrawlError(MonitorError):
    """The crawl worker cannot be started or kept alive."""


class Fault(StrEnum):
    """Where the cause of a failed delivery lies, which says what helps."""

    PASSING = "passing"  # nowhere that a person must look: the same message will do later
    CHANNEL = "channel"  # it is set up wrongly: no message will do until a person has mended it
    MESSAGE = "message"  # the receiver does not take this one: a plainer, shorter one may do
    RECIPIENT = "recipient"  # nobody is there, or not any more: no message will ever do


class DeliveryError(MonitorError):
    """A channel did not take a message.

    `reason` is the word that the ledger keeps; `fault` says what helps; `retry_after` is the number of seconds the
    receiver asked for.
    """

    def __init__(  # the ledger needs each of these, and they belong to one failure
        self,
        message: str,
        *,
        where: str = "",
        remedy: str = "",
        reason: str = "failed",
        fault: Fault = Fault.PASSING,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, where=where, remedy=remedy)
        self.reason = reason
        self.fault = fault
        self.retry_after = retry_after


class StorageError(MonitorError):
    """The history cannot be read or written."""

    exit_code = 3


class DatabaseDamaged(StorageError):
    """SQLite says that the file is malformed, or it is no history of ours."""

    exit_code = 4


class DatabaseNewer(StorageError):
    """The file was written by a newer Tumen."""

    exit_code = 5


class DatabaseBusy(StorageError):
    """Another connection held the file for longer than we wait."""


class AlreadyRunning(MonitorError):
    """Another instance is the writer of this history."""

    exit_code = 6
