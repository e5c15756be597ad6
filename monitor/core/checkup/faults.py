"""Versions of what Tumen builds on that have faults which matter to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.specifiers import SpecifierSet

from monitor.core.checkup import Finding, Grade, ok

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECK = "versions"


@dataclass(frozen=True, slots=True)
class KnownFault:
    """A fault of some versions of a package.

    Attributes:
        package: its name; `sqlite` is the library that Python uses.
        versions: which have it, as `pip` writes versions; a version that is in one of them has it.
        fault: what it means for Tumen.
        remedy: what to do.
        source: where it is described.
    """

    package: str
    versions: tuple[str, ...]
    fault: str
    remedy: str
    source: str

    def is_in(self, version: str) -> bool:
        """Whether this version has it."""
        return any(SpecifierSet(one).contains(version, prereleases=True) for one in self.versions)


KNOWN = (
    KnownFault(
        "sqlite",
        (">=3.7.0,<3.44.6", ">=3.45,<3.50.7", ">=3.51,<3.51.3"),
        "two connections that write or checkpoint at the same moment may damage the file; Tumen writes by one, so it "
        "needs a second program to happen",
        "let nothing else write to the history or checkpoint it (Litestream, a shell, a copy that is no backup), or "
        "use a Python with SQLite 3.51.3, 3.50.7 or 3.44.6",
        "https://www.sqlite.org/wal.html",
    ),
    KnownFault(
        "aiosmtpd",
        ("<1.4.6",),
        "the inbox of the demonstration takes what was said before encryption began (CVE-2024-34083)",
        "update it",
        "https://nvd.nist.gov/vuln/detail/CVE-2024-34083",
    ),
    KnownFault(
        "requests",
        ("<2.32.4",),
        "an address can make it hand out logins of a .netrc file (CVE-2024-47081)",
        "update it",
        "https://nvd.nist.gov/vuln/detail/CVE-2024-47081",
    ),
    KnownFault(
        "urllib3",
        ("<2.5",),
        "a refusal to follow redirects may be ignored (CVE-2025-50181)",
        "update it",
        "https://nvd.nist.gov/vuln/detail/CVE-2025-50181",
    ),
    KnownFault(
        "datasette",
        ("<0.65.2", ">=1.0a0,<1.0a21"),
        "the web pages can be made to lead elsewhere (CVE-2025-64481)",
        "update it",
        "https://nvd.nist.gov/vuln/detail/CVE-2025-64481",
    ),
)


def judge_versions(installed: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[Finding, ...]:
    """What is wrong with the versions that are installed.

    Args:
        installed: the version of each package by its name, as packages are compared by it: `lxml-html-clean`.
        wanted: which versions Tumen asks for, by the names of packages that must be there.
    """
    found = []
    for name, versions in wanted.items():
        if name not in installed:
            found.append(_bad(f"{name} is not installed", name, "install Tumen again, with all it needs"))
        elif not SpecifierSet(versions).contains(installed[name], prereleases=True):
            says = f"{name} {installed[name]} is installed, and Tumen needs {versions}"
            found.append(_bad(says, name, "install Tumen again, with all it needs"))
    faulty = [
        Finding(
            CHECK,
            Grade.WARNING,
            f"{fault.package} {installed[fault.package]}: {fault.fault}",
            fault.source,
            fault.remedy,
        )
        for fault in KNOWN
        if fault.package in installed and fault.is_in(installed[fault.package])
    ]
    if not found and not faulty:
        return (ok(CHECK, f"{len(wanted)} packages are there, none with a fault that is known here"),)
    return (*found, *faulty)


def _bad(says: str, where: str, remedy: str) -> Finding:
    return Finding(CHECK, Grade.PROBLEM, says, where, remedy)
