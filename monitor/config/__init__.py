"""Reading `tumen.yaml`: what is watched, who is told, and how.

Addresses of channels hold secrets, so they may name an environment variable (`${NAME}`) or a file (`url_file`).
"""

from monitor.config.channels import ChannelSettings
from monitor.config.choosing import channel_urls, watched_sources
from monitor.config.declared import Settings, SourceSettings
from monitor.config.reading import DEFAULT_FILE, load_settings, parse_settings

__all__ = [
    "DEFAULT_FILE",
    "ChannelSettings",
    "Settings",
    "SourceSettings",
    "channel_urls",
    "load_settings",
    "parse_settings",
    "watched_sources",
]
