"""How Tumen reads the web: a Scrapy project that also works without the monitor."""
