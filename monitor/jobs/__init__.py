"""The use cases of the running service: watch, ingest, deliver, upkeep."""
