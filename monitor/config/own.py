"""What a source of the user's own may need besides its address: a login, headers, a proxy, a pace of its own."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta  # noqa: TC003  as the types of the values below
from urllib.parse import unquote, urlsplit

from pydantic import ConfigDict, Field, SecretStr, field_validator, model_validator

from monitor.catalogue import SourceDeclaration
from monitor.config.values import Duration  # noqa: TC001  pydantic reads annotations when it runs
from monitor.documents import Refusal
from spiders.items import Access, origin

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token of RFC 9110, 5.6.2
# What is not the user's to say: how a message is framed, asked for again, packed or passed on, and who asks.
_OURS = re.compile(
    "host|connection|content-.*|transfer-encoding|te|upgrade|expect|accept-encoding|range|if-.*|proxy-.*|user-agent",
    re.IGNORECASE,
)


class OwnSource(SourceDeclaration):
    """A declaration of a source in `tumen.yaml`. What may be secret is sent to the source's own origin alone."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    headers: dict[str, SecretStr] = Field(
        default={},
        description="Headers of its requests, such as an API key; ${NAME} as for url of a channel.",
        examples=[{"X-Api-Key": "${AGENCY_KEY}"}],
    )
    cookies: dict[str, SecretStr] = Field(
        default={},
        description="Cookies of its requests, by name; ${NAME} as for url of a channel.",
        examples=[{"consent": "yes"}],
    )
    auth: SecretStr | None = Field(
        default=None,
        description="Its login, user:password (HTTP Basic); ${NAME} as for url of a channel.",
        examples=["reader:${AGENCY_PASSWORD}"],
    )
    proxy: SecretStr | None = Field(
        default=None,
        description="The proxy by which it is reached, http://host:port or http://user:password@host:port.",
        examples=["http://proxy.example.org:3128"],
    )
    delay: Duration | None = Field(
        default=None,
        description="Between two requests to its host, instead of that of crawl.",
        examples=["10s"],
    )
    timeout: Duration | None = Field(
        default=None, description="For one of its requests, instead of that of crawl.", examples=["40s"]
    )

    @field_validator("headers", "cookies")
    @classmethod
    def _can_be_sent(cls, given: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, value in given.items():
            if not _NAME.fullmatch(name):
                raise Refusal(f"{name!r} is no name", "use letters, digits and -")
            if not _is_line(value.get_secret_value()):
                raise Refusal(f"the value of {name} cannot be sent", "write it in one line of ASCII")
        return given

    @field_validator("headers")
    @classmethod
    def _are_theirs(cls, headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name in headers:
            if _OURS.fullmatch(name):
                remedy = "give crawl: contact instead" if name.lower() == "user-agent" else "leave it out"
                raise Refusal(f"the header {name} is Tumen's own", remedy)
            if name.lower() == "cookie":
                raise Refusal("cookies stand by themselves", "give them as cookies")
        return headers

    @field_validator("cookies")
    @classmethod
    def _are_single(cls, cookies: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, value in cookies.items():
            if ";" in value.get_secret_value():
                raise Refusal(f"the value of {name} holds a semicolon", "give each cookie by its name")
        return cookies

    @field_validator("auth")
    @classmethod
    def _is_a_login(cls, auth: SecretStr | None) -> SecretStr | None:
        if auth is not None and not re.fullmatch("[^:]+:.+", auth.get_secret_value()):
            raise Refusal("a login has a user, a colon and a password", "write it like reader:${PASSWORD}")
        return auth

    @field_validator("proxy")
    @classmethod
    def _is_a_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        try:
            parts = urlsplit(proxy.get_secret_value() if proxy else "http://none")
            usable = parts.scheme == "http" and parts.hostname and parts.port != 0 and not parts.query
        except ValueError:
            usable = False
        if not usable:
            raise Refusal("that is no address of a proxy", "write it like http://proxy.example.org:3128")
        return proxy

    @model_validator(mode="after")
    def _has_one_login(self) -> OwnSource:
        if self.auth is not None and any(name.lower() == "authorization" for name in self.headers):
            raise Refusal("there are two logins", "give either auth or the header Authorization")
        return self

    def access(self) -> Access | None:
        """How it is asked, None if as all others are."""
        proxy, authorization = _split(self.proxy.get_secret_value()) if self.proxy else ("", "")
        access = Access(
            origin=origin(self.url),
            headers=self._headers(),
            proxy=proxy,
            proxy_authorization=authorization,
            delay=_seconds(self.delay),
            timeout=_seconds(self.timeout),
        )
        return None if access == Access(access.origin) else access

    def _headers(self) -> dict[str, str]:
        headers = {name: value.get_secret_value() for name, value in self.headers.items()}
        if self.cookies:
            pairs = (f"{name}={value.get_secret_value()}" for name, value in self.cookies.items())
            headers["Cookie"] = "; ".join(pairs)
        if self.auth is not None:
            headers["Authorization"] = _basic(self.auth.get_secret_value())
        return headers


def _seconds(given: timedelta | None) -> float | None:
    return None if given is None else given.total_seconds()


def _is_line(value: str) -> bool:
    return value.isascii() and value.isprintable() and value == value.strip()


def _basic(login: str) -> str:
    """The login as RFC 7617 sends it."""
    return f"Basic {b64encode(login.encode()).decode()}"


def _split(proxy: str) -> tuple[str, str]:
    """The address of a proxy without its login, and the login as it is sent."""
    parts = urlsplit(proxy)
    place = parts.netloc.rpartition("@")[2]
    if parts.username is None:
        return f"http://{place}", ""
    return f"http://{place}", _basic(f"{unquote(parts.username)}:{unquote(parts.password or '')}")
