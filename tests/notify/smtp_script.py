"""A mail server that follows a script: at a given step it refuses, falls silent, trickles or hangs up."""

from __future__ import annotations

import socketserver
import threading
from contextlib import suppress
from typing import Self

CUT, IDLE, TRICKLE = "cut", "idle", "trickle"
GOOD = {
    "GREETING": "220 script",
    "EHLO": "250-script\r\n250 8BITMIME",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    "CONTENT": "250 taken",
    "QUIT": "221 bye",
}


class ScriptedServer:
    """Give it the steps that go otherwise.

    It answers after `pace` seconds. `steps` is what the client did, `contents` what it handed over, `mails` what of
    that was taken.
    """

    def __init__(self, **script: str) -> None:
        self.script = {**GOOD, **script}
        self.pace = 0.0
        self.steps: list[str] = []
        self.contents: list[bytes] = []
        self.mails: list[bytes] = []
        self._released = threading.Event()
        server = self

        class Dialogue(socketserver.StreamRequestHandler):
            def handle(self):
                with suppress(OSError):
                    server.serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dialogue, bind_and_activate=True)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def serve(self, client: socketserver.StreamRequestHandler) -> None:
        if not self._answer(client, "GREETING"):
            return
        while line := client.rfile.readline():
            step = line.split()[0].decode().upper()
            self.steps.append(step)
            if not self._answer(client, step) or step == "QUIT":
                return
            if step == "DATA" and self.script["DATA"] == GOOD["DATA"]:
                content = b"".join(iter(client.rfile.readline, b".\r\n"))
                self.steps.append("CONTENT")
                self.contents.append(content)
                if self.script["CONTENT"].startswith("250"):
                    self.mails.append(content)
                if not self._answer(client, "CONTENT"):
                    return

    def _answer(self, client: socketserver.StreamRequestHandler, step: str) -> bool:
        """Whether the dialogue goes on."""
        said = self.script.get(step, "500 what?")
        self._released.wait(self.pace)
        if said == CUT:
            return False
        if said == IDLE:
            self._released.wait(30)
            return False
        if said == TRICKLE:
            while not self._released.wait(0.02):
                client.wfile.write(b"250-and more\r\n")
            return False
        client.wfile.write(f"{said}\r\n".encode())
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
