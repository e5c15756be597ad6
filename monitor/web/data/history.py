"""A Datasette on one history, which may come later, be replaced, and is never written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from monitor.store.browsing import connect_to_query, definitions
from monitor.web import data
from monitor.web.data.described import described

if TYPE_CHECKING:
    from monitor.web.site import Site

NAME = "history"
_SETTINGS = {
    "allow_download": False,
    "default_page_size": 50,
    "sql_time_limit_ms": 2000,  # the log of the history grows meanwhile
    "facet_time_limit_ms": 500,
    "suggest_facets": False,  # each suggestion is tried on the whole table, at every look at it
    "num_sql_threads": 2,
    "default_cache_ttl": 0,
    "max_csv_mb": 200,
}
_COUNT = "select count(*) from "  # what Datasette asks to say how many rows a table or view has
_COUNTING_MS = 200  # a page without this number is worth more than one that comes seconds later


class HistoryFile(Database):  # type: ignore[misc]  # Datasette ships no types
    """The file as Datasette sees it: whatever is asked of it, it is only read."""

    def connect(self, *, write: bool = False) -> Any:
        """A connection that cannot write."""
        if write:
            raise PermissionError("the history is only read here")
        connection = connect_to_query(self.path)
        self._all_file_connections.append(connection)
        return connection

    async def execute(self, sql: str, params: Any = None, *, truncate: bool = False, **more: Any) -> Any:
        """The rows of a question. Datasette's own counts have less time: it shows a page without them too."""
        if sql.startswith(_COUNT) and not truncate:  # what people ask may be truncated
            more["custom_time_limit"] = min(more.get("custom_time_limit") or _COUNTING_MS, _COUNTING_MS)
        return await super().execute(sql, params, truncate=truncate, **more)

    async def table_names(self) -> list[str]:
        """The tables that can be read: the index of words answers only questions for words."""
        names: list[str] = await super().table_names()
        return [name for name in names if name != "search"]


class Tables(Datasette):  # type: ignore[misc]  # Datasette ships no types
    """Datasette with the pages of a site."""

    def __init__(self, site: Site) -> None:
        self.site = site  # the plugin asks for it while Datasette is made
        if not pm.is_registered(data):
            pm.register(data)
            # It prints whatever was not found, with all variables, to standard output.
            pm.unregister(name="datasette.handle_exception")
        super().__init__(settings=_SETTINGS, metadata={"title": "Tumen"})
        self.remove_database("_memory")

    async def open(self) -> None:
        """Show the history's tables as soon as there is one."""
        if NAME not in self.databases and self.site.history.exists():
            tables = described(definitions(self.site.history))
            says = {"description": "What was found, what it states, what was told.", "tables": tables}
            self._metadata_local["databases"] = {NAME: says}
            self.add_database(HistoryFile(self, self.site.history), name=NAME)
