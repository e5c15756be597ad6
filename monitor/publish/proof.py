"""How whoever receives an exported folder can verify it, without Tumen."""

from __future__ import annotations

README = """\
What is here
============

captures/          the page as it was fetched, one file for each time that it was kept: web archives in WARC 1.1,
                   which pywb, ReplayWeb.page and other readers of web archives show
version-N.txt      title and text that were read of it, version by version
changes.txt        what each version says differently from the one before (a unified diff)
metadata.json      address, outlet and times; which rules fired on which words; the digests and seals of all
                   versions and captures; what was told to whom, and when; what did not hold any more by then
SHA256SUMS         the SHA-256 of every file


How to verify it
================

1. That no file was changed since it was written here:

       sha256sum -c SHA256SUMS

2. That each capture is whole: every record carries the SHA-256 of its block and body.

       pip install warcio
       warcio check -v captures/*.warc.gz

   "sha256" of a capture in metadata.json is that of its file, "payload_sha256" that of the body of its answer, as it
   was received. What was left out of a capture, such as logins and cookies, is named in its metadata record.

3. That the versions are those that were stored, in this order: "content_hash" is the SHA-256 of the title, a zero
   byte and the text. "chain" is the SHA-256 of five lines, joined by line feeds without one at the end: the chain of
   the version before (empty for the first), the address, the number of the version, "read_at", and "content_hash".
   In Python:

       import hashlib, json
       about, before = json.load(open("metadata.json", encoding="utf-8")), ""
       for one in about["versions"]:
           said = open(one["text"], encoding="utf-8", newline="").read()[len(one["title"]) + 2 : -1]
           content = hashlib.sha256(f"{one['title']}\\0{said}".encode()).hexdigest()
           lines = (before, about["url"], str(one["number"]), one["read_at"], content)
           before = hashlib.sha256("\\n".join(lines).encode()).hexdigest()
           print(one["number"], before == one["chain"])

   Who kept a chain from an earlier export, or from elsewhere, can tell by it whether anything was exchanged since.
"""
