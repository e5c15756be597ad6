"""The wiring: everything is built from a `Plan` here, and only here."""

from monitor.app.replaying import replaying
from monitor.app.service import Service, utc_now

__all__ = ["Service", "replaying", "utc_now"]
