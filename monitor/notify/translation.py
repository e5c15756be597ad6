"""Machine translation of a report's title and lead, by a server of the user's own that speaks LibreTranslate's API.

`POST /translate` as https://docs.libretranslate.com/guides/api_usage describes it. A translation is a help, never a
condition: whatever goes wrong, the message leaves without it, at most `timeout` later.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from monitor.notify.excerpt import one_line, shorten
from monitor.notify.letter import original

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.core.models import Alert
    from monitor.notify.voice import Voice

_log = logging.getLogger("tumen.translation")
_PAUSE = 300.0  # seconds without another question after one that failed
_ANSWER = 65_536  # bytes; an honest answer to what is asked has a tenth of it
_TITLE, _LEAD = 300, 1200  # characters shown; a translation may be longer than its original
_KEPT = 1000  # texts remembered


@dataclass(frozen=True, slots=True)
class Translation:
    """A title and a lead in the reader's language, and the host that translated them. Either may be empty."""

    title: str
    lead: str
    host: str


class _Failure(Exception):
    """Why there is no translation. `pair` says that only these two languages are concerned."""

    def __init__(self, reason: str, *, pair: bool = False) -> None:
        super().__init__(reason)
        self.pair = pair


class Translator:
    """Asks the server, one question at a time, and remembers its answers."""

    def __init__(
        self, url: str, *, key: str = "", timeout: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing is connected yet.

        Args:
            url: the server's address; `/translate` is added.
            key: its API key, empty if it asks for none.
            timeout: seconds that a message waits for all its translations.
            clock: seconds that only ever grow.
        """
        self.host = urlsplit(url).netloc
        self._url = url.rstrip("/") + "/translate"
        self._key = key
        self._timeout = timeout
        self._clock = clock
        self._answers: OrderedDict[tuple[str, str, str], str] = OrderedDict()
        self._resume_at: dict[tuple[str, str] | None, float] = {}  # for two languages, or for all (None)
        self._said: dict[str, tuple[str, str] | None] = {}  # what is logged already, and whom it concerns
        self._turn = asyncio.Lock()
        self._busy = False

    async def translate(self, alerts: Sequence[Alert], voice: Voice) -> dict[int, Translation]:
        """What could be translated in time for a reader of `voice`, by the alert's id. Raises nothing."""
        found: dict[int, Translation] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timeout):
                for alert in alerts:
                    if not voice.same_language(alert.article.language):
                        await self._add(alert, voice, found)
        return found

    async def _add(self, alert: Alert, voice: Voice, found: dict[int, Translation]) -> None:
        languages = (_code(alert.article.language or "auto"), _code(voice.language))
        originals = original(alert)
        title, lead = [one_line(await self._answer(text, languages)) if text else "" for text in originals]
        if title or lead:
            found[alert.id] = Translation(shorten(title, _TITLE), shorten(lead, _LEAD), self.host)

    async def _answer(self, text: str, languages: tuple[str, str]) -> str:
        """The translation, empty if there is none: from memory, else from the server in its turn."""
        known = (text, *languages)
        if known not in self._answers:
            async with self._turn:  # ten recipients of the same alert wait here, and nine find the answer
                if known not in self._answers and not self._pausing(languages):
                    await self._ask(text, languages)
        if known not in self._answers:
            return ""
        self._answers.move_to_end(known)
        return self._answers[known]

    def _pausing(self, languages: tuple[str, str]) -> bool:
        """Whether it is left alone: after a failure, or while it still answers a question that nobody waits for."""
        now = self._clock()
        return self._busy or any(now < self._resume_at.get(concerned, now) for concerned in (None, languages))

    async def _ask(self, text: str, languages: tuple[str, str]) -> None:
        began = self._clock()
        try:
            answer = await self._in_thread(text, languages)
        except _Failure as failure:
            self._pause(str(failure), languages if failure.pair else None)
        except asyncio.CancelledError:
            # One that came last may have had no time left; the server is at fault if it had a fair share of it.
            if self._clock() - began >= self._timeout / 2:
                self._pause(f"no answer within {self._timeout:g} s", None)
            raise
        else:
            self._said = {reason: concerned for reason, concerned in self._said.items() if concerned}
            self._answers[text, *languages] = "" if one_line(answer) == one_line(text) else answer
            if len(self._answers) > _KEPT:
                self._answers.popitem(last=False)

    def _pause(self, reason: str, concerned: tuple[str, str] | None) -> None:
        self._resume_at[concerned] = self._clock() + _PAUSE
        if reason not in self._said:
            self._said[reason] = concerned
            _log.warning("messages leave without translations: %s %s", self.host, reason)

    async def _in_thread(self, text: str, languages: tuple[str, str]) -> str:
        """Ask in a thread that nobody has to wait for: neither this message, nor the program when it ends."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()

        def settle(said: str | _Failure) -> None:
            if answer.done():
                return
            if isinstance(said, _Failure):
                answer.set_exception(said)
            else:
                answer.set_result(said)

        def ask() -> None:
            said = self._request(text, languages)
            self._busy = False
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(settle, said)

        self._busy = True
        threading.Thread(target=ask, name="translation", daemon=True).start()
        return await answer

    def _request(self, text: str, languages: tuple[str, str]) -> str | _Failure:
        source, target = languages
        question = {"q": text, "source": source, "target": target, "format": "text"}
        if self._key:
            question["api_key"] = self._key
        try:
            return _translated(self._post(question))
        except _Failure as failure:
            return failure
        except OSError as error:  # the base of all that requests raises
            return _Failure(f"cannot be reached: {type(error).__name__}")  # its text may hold the address
        except Exception as error:  # noqa: BLE001  no answer whatever may keep a message from leaving
            return _Failure(f"gave an answer that cannot be read: {type(error).__name__}")

    def _post(self, question: dict[str, str]) -> bytes:
        deadline = time.monotonic() + self._timeout
        with requests.post(
            self._url,
            json=question,
            timeout=self._timeout,
            stream=True,
            allow_redirects=False,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        ) as response:
            status = response.status_code
            if status != requests.codes.ok:
                bad = (
                    status == requests.codes.bad_request
                )  # what the server says to languages it does not know
                about = f" for {question['source']} to {question['target']}" if bad else ""
                raise _Failure(f"answers with status {status}{about}", pair=bad)
            answer = b""
            while part := response.raw.read1(_ANSWER):
                answer += part
                if len(answer) > _ANSWER:
                    raise _Failure("gives too long an answer")
                if time.monotonic() > deadline:
                    raise _Failure(f"no answer within {self._timeout:g} s")
        return answer


def _translated(answer: bytes) -> str:
    try:
        said: Any = json.loads(answer)
    except (ValueError, RecursionError):
        raise _Failure("gives an answer that is not JSON") from None
    text = said.get("translatedText") if isinstance(said, dict) else None
    if not isinstance(text, str):
        raise _Failure("gives an answer without translatedText")
    return text


def _code(language: str) -> str:
    """LibreTranslate knows languages by their first subtag."""
    return language.replace("_", "-").partition("-")[0].lower()
