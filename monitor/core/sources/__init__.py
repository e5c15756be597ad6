"""Sources: when each is looked at, whether it is well, what it may have brought unseen. Pure."""
