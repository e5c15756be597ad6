"""Reading `tumen.yaml`: what is watched, who is told, and how.

Some values are secrets, so they may come from elsewhere (`${NAME}`, see `monitor.config.secret`, and `url_file`).
"""

from monitor.config.adding import add_sources, declarations, written
from monitor.config.channels import ChannelSettings
from monitor.config.choosing import channel_urls, watched_sources
from monitor.config.comparing import differences, settled
from monitor.config.crawling import clustered, worker_options
from monitor.config.creating import creating, taken
from monitor.config.declared import Settings
from monitor.config.listing import ListedSources
from monitor.config.logs import LogFormat
from monitor.config.reading import DEFAULT_FILE, history_of, load_settings, parse_settings
from monitor.config.sources import SourceSettings
from monitor.config.starting import FirstChannel, Start, check_choice, check_name, written_settings
from monitor.config.web import WebSettings

__all__ = [
    "DEFAULT_FILE",
    "ChannelSettings",
    "FirstChannel",
    "ListedSources",
    "LogFormat",
    "Settings",
    "SourceSettings",
    "Start",
    "WebSettings",
    "add_sources",
    "channel_urls",
    "check_choice",
    "check_name",
    "clustered",
    "creating",
    "declarations",
    "differences",
    "history_of",
    "load_settings",
    "parse_settings",
    "settled",
    "taken",
    "watched_sources",
    "worker_options",
    "written",
    "written_settings",
]
