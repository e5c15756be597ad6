"""The history as web pages: a plugin of Datasette, and the server that carries it (extra `web`)."""
