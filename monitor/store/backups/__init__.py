"""Backups of a history and of the captures that it relies on: making, proving, keeping and restoring them."""
