"""The demonstration: a newsroom and an inbox on loopback, so that the whole road runs without a network."""
