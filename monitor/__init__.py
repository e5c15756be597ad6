"""Tumen watches the news for one topic and tells people about each real development once."""

__version__ = "0.1.0"
