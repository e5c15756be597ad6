"""`tumen web`."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path

import click

from monitor.cli.logs import log_format, logged
from monitor.cli.options import config_file, ending, packs_of, settings_if_any
from monitor.config import Settings, WebSettings
from monitor.core.errors import ConfigError
from monitor.core.searching.names import Names
from monitor.loading import ending_at_once
from monitor.web.access import Access
from monitor.web.site import Site


@click.command(
    epilog=ending(
        "2 the configuration is wrong, or the port is taken",
        examples=["tumen web", "tumen web --db demo/tumen.db --port 8080"],
    )
)
@config_file
@click.option(
    "--host", default=None, help="The address to serve at.  [default: that of the configuration, 127.0.0.1]"
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=None, help="The port, 0 for any.  [default: 8001]"
)
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="The history to show.  [default: that of the configuration]",
)
@click.option(
    "--until-hung-up",
    is_flag=True,
    help="End when standard input does, too: for who starts it beside themselves.",
)
@log_format
def web(
    config: Path,
    host: str | None,
    port: int | None,
    db: Path | None,
    *,
    until_hung_up: bool,
    form: str | None,
) -> None:
    """Serve the history as web pages, until stopped by Ctrl-C or SIGTERM.

    What happened today, stories, articles, search, alerts, sources and rules; and behind them all tables, with
    facets, SQL, JSON and CSV, by Datasette. It works whether or not the service runs, and only reads: what you change
    on a page is done by the service. `tumen run --web` serves them beside the service.
    """
    with logged(form) as follow:
        configured = settings_if_any(config)
        settings = configured or Settings()
        follow(settings.log.format)
        given = settings.web
        access = access_of(given, host)
        with ending_at_once():
            from monitor.web import serving  # noqa: PLC0415  it takes seconds to load, so no other command does

        with serving.bind(access.host, given.port if port is None else port) as listener:
            packs = packs_of((), configured)
            site = Site(
                history=db.absolute() if db else settings.history_path,
                packs={pack.name: pack for pack in packs},
                names=Names(packs),
                access=access,
                language=given.language,
                zone=given.zone,
                channels=tuple(settings.channels),
                folder=settings.folder if configured and not db else None,
            )
            logging.getLogger("tumen").info("the history is at %s", serving.address(listener))
            serving.serve(site, listener, until_hung_up=until_hung_up)


def access_of(given: WebSettings, host: str | None = None) -> Access:
    """Who may see the pages. Raises ConfigError if that would be everybody, or nothing can serve them."""
    if find_spec("datasette") is None:
        raise ConfigError(
            "the web pages need a package that is not installed: datasette",
            remedy="install Tumen with its extra web: pip install 'tumen[web]'",
        )
    return Access((host or given.host).strip("[]"), frozenset(given.hosts), given.password.get_secret_value())
