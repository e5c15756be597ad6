"""The service as `tumen run` starts it, with bugs in every place that holds a secret."""

from __future__ import annotations

import sys

from monitor.cli import main
from monitor.notify import channels
from monitor.notify.heartbeat import Pinger
from monitor.notify.translation import Translator


def careless(self, *_, **__):
    raise RuntimeError(f"what libraries do: {vars(self)}")


def mistaken(*_):
    return 1 / 0


Pinger._post = Translator._post = careless
channels.form = mistaken

if __name__ == "__main__":
    sys.argv = ["tumen", "run", "--verbose", "--config", *sys.argv[1:]]
    main()
