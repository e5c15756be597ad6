"""The history: the only door to SQLite (through sqlite-utils)."""
