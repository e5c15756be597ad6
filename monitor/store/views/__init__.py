"""What pages and reports ask of the history: one file for each page."""
