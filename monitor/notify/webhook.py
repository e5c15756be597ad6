"""Webhooks: each message is one JSON document, signed as Standard Webhooks has it (https://www.standardwebhooks.com).

Apprise's `json://` carries a title and a text. This carries what a program needs to act upon an alert, under an id
that is the same at every attempt, and a signature that shows who sent it and when.
"""

from __future__ import annotations

import json
import re
import time
from base64 import b64decode, b64encode
from hashlib import sha256
from hmac import digest
from typing import TYPE_CHECKING, Any

import requests
from apprise.plugins.custom_json import NotifyJSON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.notify.message import Message

_PREFIX = "whsec_"
_NAME = re.compile(r"[!#$%&'*+.^`|~\w-]+", re.ASCII)  # of a header: RFC 9110, 5.6.2
_VALUE = re.compile(r"([!-~]([ \t!-~]*[!-~])?)?")  # and its value: 5.5
_BYTES = range(24, 65)  # of a secret: what the specification asks for


class Webhook(NotifyJSON):  # type: ignore[no-untyped-call]  # Apprise types only some of its functions
    """An endpoint. Set `message` and `key` before a call."""

    service_name = "Webhook"
    protocol = "webhook"
    secure_protocol = "webhooks"

    message: Message
    key: str

    def __init__(self, secret: str = "", **parts: Any) -> None:
        """From the parts of a URL. `secret` may be an old one and its successor, with a comma between them."""
        super().__init__(**parts)  # type: ignore[no-untyped-call]  # see the class
        self.keys = read_secrets(secret)

    @staticmethod
    def parse_url(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any] | None:
        """The parts of a URL, None if it is none."""
        parts: dict[str, Any] | None = NotifyJSON.parse_url(url)  # type: ignore[no-untyped-call]  # see the class
        return {**parts, "secret": parts["qsd"].get("secret", "")} if parts else None

    def send(self, body: str, title: str = "", *_args: Any, **_kwargs: Any) -> bool:  # noqa: ARG002  chat's words
        """Post the document; True if it was taken. What went wrong otherwise is noted in the attempt."""
        content = write(self.message, self.key)
        port = f":{self.port}" if self.port else ""
        try:
            with requests.post(
                f"{'https' if self.secure else 'http'}://{self.host}{port}{self.fullpath}",
                data=content,
                params=self.params,
                headers=self._headers(content),
                auth=(self.user, self.password or "") if self.user else None,
                verify=self.verify_certificate,
                timeout=self.request_timeout,
                allow_redirects=False,
                stream=True,  # the answer's text says nothing that the status does not
            ) as answer:
                return answer.status_code // 100 == 2  # noqa: PLR2004  2xx
        except requests.RequestException:
            return False

    def _headers(self, content: bytes) -> dict[str, str]:
        identity, now = webhook_id(self.key), int(time.time())
        signatures = " ".join(sign(key, identity, now, content) for key in self.keys or ())
        return {
            "User-Agent": self.app_id,
            "Content-Type": "application/json",
            **self.headers,
            "webhook-id": identity,
            "webhook-timestamp": f"{now}",
            **({"webhook-signature": signatures} if signatures else {}),
        }


def sound(headers: Mapping[str, str]) -> bool:
    """Whether a request can carry these headers."""
    return all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers.items())


def webhook_id(key: str) -> str:
    """The id of a message: the same for the same key, so that a receiver knows a repeated message."""
    return sha256(key.encode()).hexdigest()[:32]


def sign(key: bytes, identity: str, timestamp: int, content: bytes) -> str:
    """The signature of a message sent at this time, in seconds since 1970."""
    mac = digest(key, f"{identity}.{timestamp}.".encode() + content, "sha256")
    return f"v1,{b64encode(mac).decode()}"


def read_secrets(text: str) -> tuple[bytes, ...] | None:
    """The keys of `whsec_…` secrets with commas between them; none for an empty text, None if one is unsound."""
    secrets = [part.strip() for part in text.split(",")] if text else []
    try:
        keys = tuple(b64decode(secret.removeprefix(_PREFIX), validate=True) for secret in secrets)
    except ValueError:
        return None
    sound = all(secret.startswith(_PREFIX) for secret in secrets) and all(len(key) in _BYTES for key in keys)
    return keys if sound else None


def write(message: Message, key: str) -> bytes:
    """The document as it goes out: the same bytes for the same message and key."""
    whole = {
        "id": webhook_id(key),
        "subject": message.subject,
        "text": message.text,
        "urgent": message.urgent,
        **message.document,
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False).encode()
