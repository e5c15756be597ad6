"""Alerts become messages, and messages reach people. The only door to Apprise."""
