"""No secret leaves the place where it is used: not in what is printed, logged, stored or handed to a child."""

from __future__ import annotations

import base64
import hmac
import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.pings import Checks
from tests.system import processes

# aiosmtpd warns of passwords in clear, which are the point here.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")

# Signs that end a password or a path where an address is put together carelessly, and then show its rest.
AWKWARD = "{0}@{0}/{0}?{0}#{0}%41:{0} +&{0}"
BUGGY = (sys.executable, "-P", str(Path(__file__).with_name("buggy.py")))


@dataclass
class Secret:
    """A secret whose every part can be recognised."""

    shape: str = AWKWARD
    core: str = field(default_factory=lambda: f"canary{uuid4().hex[:10]}")

    @property
    def value(self) -> str:
        return self.shape.format(self.core)

    def stands_in(self, said: bytes) -> bool:
        """Whether a part of it can be read there, as it is or as base64 writes it."""
        core = self.core.encode()
        coded = [base64.b64encode(b"x" * shift + core)[4:-4] for shift in range(3)]
        return any(form.lower() in said.lower() for form in (core, core.hex().encode(), *coded))


class Mail(Controller):
    """A mail server that takes no password, and keeps what was tried."""

    def __init__(self) -> None:
        self.tried: set[str] = set()
        super().__init__(
            object(), "127.0.0.1", 0, authenticator=self._refuse, auth_required=True, auth_require_tls=False
        )

    def _refuse(self, server, session, envelope, mechanism, login) -> AuthResult:
        self.tried.add(login.password.decode())
        return AuthResult(success=False, handled=False)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def servers():
    """A mail server, a chat, a webhook, a translator and a check that all refuse, each by its name."""
    with ExitStack() as stack:
        web = {name: stack.enter_context(Checks()) for name in ("chat", "hook", "translator", "check")}
        for one in web.values():
            one.status = 500
        mail = Mail()
        mail.start()
        stack.callback(mail.stop)
        yield {**web, "mail": mail}


@pytest.fixture
def secrets(desk, small, servers):
    """A desk whose configuration has a secret in every place that takes one, and from every place they come from."""
    made = {
        "HOMESERVER_TOKEN": Secret("{0}"),  # in the path; its name begins as one that workers get
        "PATH_SECRET": Secret(),
        "TZ_KEY": Secret("{0}"),
        "MAIL_PASSWORD": Secret(),
        "WEBHOOK_SECRET": Secret("whsec_{0}{0}+/+/"),
        "TRANSLATION_KEY": Secret("{0} 비밀 é {0}"),
        "HEARTBEAT_PATH": Secret("{0}/{0}"),
        "in url_file": Secret("{0}"),
    }
    vault = desk.folder / "vault"
    vault.mkdir()
    for name in ("HOMESERVER_TOKEN", "PATH_SECRET", "TZ_KEY", "WEBHOOK_SECRET"):
        desk.environment[name] = made[name].value
    for name in ("MAIL_PASSWORD", "HEARTBEAT_PATH"):
        (vault / name.lower()).write_text(made[name].value + "\n", encoding="utf-8")
        desk.environment[f"{name}_FILE"] = str(vault / name.lower())
    (vault / "TRANSLATION_KEY").write_text(made["TRANSLATION_KEY"].value, encoding="utf-8")
    desk.environment["CREDENTIALS_DIRECTORY"] = str(vault)
    (vault / "urls").write_text(f"json://127.0.0.1:1/{made['in url_file'].value}", encoding="utf-8")

    desk.configure(
        [paper.source for paper in small.papers],
        f"json://desk:${{PATH_SECRET}}@{servers['chat'].host}/${{HOMESERVER_TOKEN}}?+X-Key=${{TZ_KEY}}",
        translation={"url": servers["translator"].url("/"), "key": "${TRANSLATION_KEY}"},
        heartbeat={"url": servers["check"].url("/${HEARTBEAT_PATH}")},
        health={"listen": "127.0.0.1:0"},
    )
    mail = "mailto://kim:${MAIL_PASSWORD}@127.0.0.1:%d/?from=a@b.example&to=c@d.example&mode=insecure"
    more = {
        "mail": {"url": mail % servers["mail"].port, "language": "de"},
        "file": {"url_file": "vault/urls"},
        "hook": {"url": f"webhook://{servers['hook'].host}/x?secret=${{WEBHOOK_SECRET}}"},
    }
    desk.amend(channels=more)
    return made


def shown(desk, *arguments):
    done = desk.tumen(*arguments)
    return done.returncode, (done.stdout + done.stderr).encode()


def kept(desk):
    """All that lies in the folder, except where the secrets come from."""
    files = [file for file in desk.folder.rglob("*") if file.is_file() and file.parent.name != "vault"]
    return {file.name: file.read_bytes() for file in files}


def leaks(secrets, said):
    return {
        (name, place)
        for name, secret in secrets.items()
        for place, text in said.items()
        if secret.stands_in(text)
    }


COMMANDS = (
    ("check",),
    ("check", "--json"),
    ("alerts", "list"),
    ("alerts", "list", "--json"),
    ("alerts", "list", "--undelivered"),
    ("alerts", "retry"),
    ("status",),
    ("status", "--json"),
    ("doctor",),
    ("doctor", "--json"),
    ("sources", "list"),
    ("sources", "list", "--json"),
)


def test_a_secret_can_be_found_where_it_stands():
    secret = Secret()
    plain = f"\0kim\0{secret.value}".encode()
    for said in (secret.value.encode(), quote(secret.value, safe="").encode(), secret.core.upper().encode()):
        assert secret.stands_in(b"<" + said + b">")
    for shift in range(3):
        assert secret.stands_in(base64.b64encode(b"-" * shift + plain))
    assert not secret.stands_in(Secret().value.encode())


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_shown_logged_stored_or_handed_down(form, desk, servers, secrets, small):
    desk.amend(log={"format": form})
    service = desk.serve()
    tried = "SELECT channel FROM deliveries WHERE attempts > 0 AND last_error != '' GROUP BY channel"
    desk.wait_for(lambda: len(desk.rows(tried)) == 4, service, "every channel has refused")
    desk.wait_for(lambda: "heartbeat does not arrive" in desk.said(), service)
    desk.wait_for(lambda: "without translations" in desk.said(), service)

    running = processes.marked(desk.mark)
    children = set(running) - {service.pid}
    assert children, "the crawl worker is there"
    said = {f"command line of {pid}": line.encode() for pid, line in running.items()}
    said |= {f"environment of {pid}": Path(f"/proc/{pid}/environ").read_bytes() for pid in children}
    said |= {f"running {' '.join(words)}": shown(desk, *words)[1] for words in COMMANDS}
    said |= {path: desk.ask(path)[1] for path in ("/healthz", "/readyz", "/metrics")}
    said |= {f"running {name}": content for name, content in kept(desk).items()}
    assert "running tumen.db-wal" in said
    assert desk.stop(service) == 143
    said |= {f"stopped {words[0]}": shown(desk, *words)[1] for words in (("alerts", "list"), ("status",))}
    said |= {f"stopped {name}": content for name, content in kept(desk).items()}
    assert leaks(secrets, said) == set()

    # All of them were in play, and arrived as they are.
    assert servers["mail"].tried == {secrets["MAIL_PASSWORD"].value}
    post = servers["chat"].next()
    login = base64.b64decode(post.headers["Authorization"].removeprefix("Basic ")).decode()
    assert login == f"desk:{secrets['PATH_SECRET'].value}"
    assert post.path == f"/{secrets['HOMESERVER_TOKEN'].value}"
    assert post.headers["X-Key"] == secrets["TZ_KEY"].value
    signed = servers["hook"].next()
    identity, at, signature = (signed.headers[f"webhook-{part}"] for part in ("id", "timestamp", "signature"))
    key = base64.b64decode(secrets["WEBHOOK_SECRET"].value.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{identity}.{at}.{signed.text}".encode(), "sha256")
    assert signature == f"v1,{base64.b64encode(mac).decode()}"
    assert secrets["TRANSLATION_KEY"].core in servers["translator"].next().text
    assert unquote(servers["check"].next().path) == f"/{secrets['HEARTBEAT_PATH'].value}/start"


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_traceback_of_a_bug_shows_a_secret(form, desk, servers, secrets):
    service = desk.start("--log", form, program=BUGGY)
    bugs = ("a bug while sending", "heartbeat does not arrive", "without translations")
    desk.wait_for(lambda: all(bug in desk.said() for bug in bugs), service)
    assert "ZeroDivisionError" in desk.said()
    desk.stop(service)
    if form == "json":
        assert all(json.loads(line)["time"] for line in desk.said().splitlines())
    assert leaks(secrets, kept(desk)) == set()


BROKEN = {
    "cannot be used": {"url": "nothing://kim:${PATH_SECRET}@127.0.0.1/${HOMESERVER_TOKEN}"},
    "address 1 (no URL) cannot be used": {"url": "${PATH_SECRET}"},
    "address 1 (json) cannot be used": {"url": "json://kim:${TZ_KEY}@[::1/${PATH_SECRET}"},
    "address 2 (json) cannot be used": {"url": ["json://127.0.0.1", "json://127.0.0.1:${TZ_KEY}"]},
    "names 2 recipients": {"url": "mailto://kim:${PATH_SECRET}@a.example/b@c.example/d@e.example"},
    "url_file is the path of a file": {"url_file": "json://127.0.0.1/${TZ_KEY}"},
    "address 1 (no URL)": {"url_file": "vault/garbage"},
    "url_file is not UTF-8 text": {"url_file": "vault/binary"},
    "an @ too many": {"url_file": "vault/two-hosts"},
    "takes low, normal, high or urgent": {"url": "json://127.0.0.1", "at_least": "${TZ_KEY}"},
    "a text is expected here": {"url": {"${TZ_KEY}": "${TZ_KEY}"}},
    "the file that MISPLACED_FILE names": {"url": "json://127.0.0.1/${MISPLACED}"},
    "TWICE is given more than once": {"url": "json://127.0.0.1/${TWICE}"},
}


@pytest.mark.parametrize(("says", "channel"), BROKEN.items(), ids=BROKEN)
def test_a_configuration_that_is_broken_shows_no_secret(desk, secrets, says, channel):
    secret = secrets["PATH_SECRET"]
    for name, content in (
        ("garbage", secret.value.encode()),
        ("binary", b"\xff" + secret.value.encode()),
        ("two-hosts", f"json://kim:p@{secret.core}@host.example/".encode()),
    ):
        (desk.folder / "vault" / name).write_bytes(content)
    desk.environment |= {"MISPLACED_FILE": secret.value, "TWICE": secret.value, "TWICE_FILE": secret.value}
    desk.amend(channels={"broken": channel})
    code, said = shown(desk, "run")
    assert (code, leaks(secrets, {"said": said})) == (2, set())
    assert says in said.decode().replace(": cannot", " cannot")
    assert b"Traceback" not in said


@pytest.mark.parametrize("url", ["ftp://x/${TZ_KEY}", "https://x:port${TZ_KEY}/", "https://x/#${TZ_KEY}"])
@pytest.mark.parametrize("section", ["heartbeat", "translation"])
def test_a_broken_address_of_a_helper_shows_no_secret(desk, secrets, section, url):
    desk.amend(**{section: {"url": url}})
    code, said = shown(desk, "check")
    assert (code, leaks(secrets, {"said": said})) == (2, set())
    assert b"that is no address" in said
