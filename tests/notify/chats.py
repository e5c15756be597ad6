"""Chat services on loopback that check what they get as the real ones do, and answer in their words."""

from __future__ import annotations

import json
import re
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any, Self


@dataclass
class Answer:
    status: int
    content: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class ChatServer:
    """`shown` has the messages that people see, `tried` counts all. As long as there are `answers`, none is taken."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.shown: list[dict[str, Any]] = []
        self.tried = 0
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = self.path.partition("?")[0]
                with suppress(OSError):
                    self.give(chat.judge(self.command, path, self.headers, content))

            def give(self, answer):
                text = answer.content if isinstance(answer.content, str) else json.dumps(answer.content)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = do_PUT = answer  # noqa: N815  the library's names

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def judge(self, method: str, path: str, headers: Any, content: bytes) -> Answer:
        raise NotImplementedError

    def take(self, message: dict[str, Any], receipt: Answer) -> Answer:
        self.tried += 1
        if self.answers:
            return self.answers.pop(0)
        self.shown.append(message)
        return receipt

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Ntfy(ChatServer):
    """https://docs.ntfy.sh/publish/#publish-as-json; limits: https://docs.ntfy.sh/publish/#limitations."""

    TOKEN = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"
    LONGEST = 4096  # bytes

    def url(self, token: str = TOKEN) -> str:
        return f"ntfy://{token}@{self.address}/desk"

    def judge(self, method: str, path: str, headers: Any, content: bytes) -> Answer:
        if headers["Authorization"] != f"Bearer {self.TOKEN}":
            return Answer(403, {"code": 40301, "http": 403, "error": "forbidden"})
        message = json.loads(content)
        if (method, path) != ("POST", "/") or not re.fullmatch(r"[-_A-Za-z0-9]{1,64}", message["topic"]):
            return Answer(400, {"code": 40009, "http": 400, "error": "topic invalid"})
        if len(message["message"].encode()) > self.LONGEST:
            return Answer(413, {"code": 41301, "http": 413, "error": "message too large"})
        return self.take(
            message, Answer(200, {"id": "hwQ2YpKdmg", "event": "message", "topic": message["topic"]})
        )


class Matrix(ChatServer):
    """https://spec.matrix.org/v1.11/client-server-api/: login, join, send."""

    PASSWORD = "s3cr3t-t0ken"

    def __init__(self, *answers: Answer) -> None:
        self.logouts: Queue[str] = Queue()
        super().__init__(*answers)

    def url(self, password: str = PASSWORD) -> str:
        return f"matrix://tumen:{password}@{self.address}/!news:example.org"

    def judge(self, method: str, path: str, headers: Any, content: bytes) -> Answer:
        said = json.loads(content or b"{}")
        step = f"{method} {path.removeprefix('/_matrix/client/v3/')}"
        if step == "POST login":
            if said["password"] == self.PASSWORD:
                return Answer(200, {"user_id": "@tumen:example.org", "access_token": "abc", "device_id": "D"})
            return Answer(403, {"errcode": "M_FORBIDDEN", "error": "Invalid username or password"})
        if step == "POST register":
            return Answer(403, {"errcode": "M_FORBIDDEN", "error": "Registration has been disabled"})
        assert headers["Authorization"] == "Bearer abc"
        if re.fullmatch(r"PUT rooms/%21news%3Aexample.org/send/m\.room\.message/[^/]+", step):
            assert said["msgtype"] in ("m.text", "m.notice")
            assert said["body"]
            return self.take(said, Answer(200, {"event_id": "$e"}))
        if step == "POST logout":
            self.logouts.put(headers["Authorization"])
        known = {"POST join/%21news%3Aexample.org": {"room_id": "!news:example.org"}, "POST logout": {}}
        return Answer(200 if step in known else 404, known.get(step, {}))


class Mattermost(ChatServer):
    """https://developers.mattermost.com/integrate/webhooks/incoming/."""

    HOOK = "3ccdd113474722377935511fc85d3dd4"
    LONGEST = 16383  # characters

    def url(self, hook: str = HOOK) -> str:
        return f"mmost://{self.address}/{hook}"

    def judge(self, method: str, path: str, headers: Any, content: bytes) -> Answer:
        if (method, path) != ("POST", f"/hooks/{self.HOOK}"):
            return Answer(404, {"id": "web.incoming_webhook.invalid.app_error", "status_code": 404})
        message = json.loads(content)
        if headers["Content-Type"] != "application/json" or not message.get("text"):
            return Answer(400, {"id": "web.incoming_webhook.text.app_error", "status_code": 400})
        if len(message["text"]) > self.LONGEST:
            return Answer(413, {"id": "web.incoming_webhook.text.length.app_error", "status_code": 413})
        return self.take(message, Answer(200, "ok"))
