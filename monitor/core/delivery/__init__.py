"""From an alert to a message: may it leave, with what others, and what does a failure mean? Pure."""
