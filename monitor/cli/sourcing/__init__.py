"""Adding sources, proving one, and exchanging them with other news readers."""
