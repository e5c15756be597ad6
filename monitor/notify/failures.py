"""What a refusal means: whose fault it is, and when to try again. Statuses and exceptions become DeliveryErrors.

The words that the ledger keeps as `reason`, and the fault that each stands for:

    unknown       no answer, but the receiver may have the message: trying again may repeat it      passing
    unreachable   nothing was sent: no name, no connection, or the time was over before             passing
    failed        the service said no without saying why                                            passing
    smtp_451 …    the mail server's code: 4yz                                                       passing
                  5yz before a recipient was named, a refused login, no permission to send there    channel
                  5yz to the recipient                                                              recipient
                  5yz to the content                                                                message
    http_503 …    the web server's status: 408, 425, 429, 5yz                                       passing
                  3yz, 401, 402, 403, 404, 405, 407, 410                                            channel
                  any other                                                                         message
    tls           no trusted or no encrypted connection                                             channel
    address       the channel's URL cannot be used                                                  channel
    no_channel    the channel or the address is not configured any more                             recipient
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import requests

from monitor.core.errors import DeliveryError, Fault
from monitor.notify.excerpt import one_line, shorten

if TYPE_CHECKING:
    from monitor.notify.attempt import Attempt

_GREYLIST = 300.0  # seconds: a server that greylists refuses everything earlier
_SOON_AGAIN = frozenset({408, 425, 429})  # and every 5xx
_SET_UP_WRONGLY = frozenset({401, 402, 403, 404, 405, 407, 410})  # and every 3yz
_CUT_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError)  # a connection that broke, in the words of TLS
_LOGIN = frozenset({530, 534, 535, 538})  # RFC 4954: the mail server wants a login, or another one


def unknown(where: str, seconds: float | None = None) -> DeliveryError:
    """The receiver may have it."""
    waited = f" within {seconds:g} s" if seconds else ""
    return DeliveryError(
        f"no answer{waited}; the receiver may have the message", where=where, reason="unknown"
    )


def unreachable(where: str, detail: str) -> DeliveryError:
    """Nothing was sent."""
    return DeliveryError(f"cannot be reached: {detail}", where=where, reason="unreachable")


def untrusted(where: str, detail: str) -> DeliveryError:
    """No connection that we may use for secrets."""
    return DeliveryError(
        f"no trusted connection: {detail}",
        where=where,
        reason="tls",
        fault=Fault.CHANNEL,
        remedy="check the server's certificate and the `mode=` of the channel's URL (starttls, ssl, insecure)",
    )


def by_smtp(where: str, code: int, answer: bytes | str, refused: Fault) -> DeliveryError:
    """From a mail server's reply, 4yz or 5yz; `refused` says whose fault a 5yz is at this step of the dialogue."""
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    later = f"{code}".startswith("4")
    fault = Fault.PASSING if later else refused
    remedy = ""
    if code in _LOGIN:
        fault, remedy = Fault.CHANNEL, "check the user and password of this channel"
    elif fault is Fault.RECIPIENT and said.startswith("5.7."):  # RFC 3463: not permitted, e.g. to relay
        fault, remedy = Fault.CHANNEL, "check what this mail server lets the channel's user send, and to whom"
    return DeliveryError(
        f"the mail server answered {code} {shorten(one_line(said), 200)}".rstrip(),
        where=where,
        reason=f"smtp_{code}",
        fault=fault,
        retry_after=_GREYLIST if later else None,
        remedy=remedy,
    )


def by_http(where: str, status: int, retry_after: float | None = None) -> DeliveryError:
    """From a web server's status. A redirect is a failure: following it would lose the message and could leak it."""
    fault, remedy = Fault.MESSAGE, ""
    if f"{status}".startswith("3"):
        fault, remedy = Fault.CHANNEL, "write the address that it redirects to into the channel's URL"
    elif status in _SET_UP_WRONGLY:
        fault, remedy = Fault.CHANNEL, "check the address and the secret of this channel"
    elif status in _SOON_AGAIN or f"{status}".startswith("5"):
        fault = Fault.PASSING
    return DeliveryError(
        f"the receiver answered {status}",
        where=where,
        reason=f"http_{status}",
        fault=fault,
        retry_after=retry_after,
        remedy=remedy,
    )


def judge(where: str, attempt: Attempt) -> DeliveryError:
    """The failure of a call that Apprise reported as failed."""
    if attempt.refusal is not None:
        return attempt.refusal
    if attempt.error is not None:
        return _by_exception(where, attempt.error)
    if attempt.status is not None:
        return by_http(where, attempt.status, attempt.retry_after)
    said = "with a refusal in its answer" if attempt.answered else "without saying why"
    return DeliveryError(f"the service refused the message {said}", where=where, reason="failed")


def _by_exception(where: str, error: Exception) -> DeliveryError:
    # The exceptions' own texts hold the URL, secrets included: never repeat them.
    if isinstance(error, requests.exceptions.SSLError) and not isinstance(_cause(error), _CUT_OFF):
        return untrusted(where, "the certificate is not accepted, or the server does not speak TLS")
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return unreachable(where, "no connection in time")
    if isinstance(error, requests.exceptions.ConnectionError) and _never_connected(error):
        return unreachable(where, "no connection")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return DeliveryError("the address cannot be used", where=where, reason="address", fault=Fault.CHANNEL)
    return unknown(where)


def _never_connected(error: Exception) -> bool:
    """Whether the cause is a connection that was not made, rather than one that broke with the request on it."""
    return type(_reason(error)).__name__ in (
        "NewConnectionError",
        "NameResolutionError",
        "ConnectTimeoutError",
    )


def _reason(error: object) -> object:
    """Why urllib3 gave up, from the exception of requests around it."""
    return getattr(_first(error), "reason", None)


def _cause(error: object) -> object:
    """What the system's TLS said of it."""
    return _first(_reason(error))


def _first(error: object) -> object:
    return error.args[0] if isinstance(error, Exception) and error.args else None


def by_connection(where: str, error: OSError) -> DeliveryError:
    """From an exception while a mail server was being reached. Its text holds no secret: host and system message."""
    if isinstance(error, ssl.SSLError) and not isinstance(error, _CUT_OFF):
        return untrusted(where, shorten(one_line(str(getattr(error, "reason", None) or error)), 200))
    return unreachable(where, shorten(one_line(error.strerror or str(error) or type(error).__name__), 200))
