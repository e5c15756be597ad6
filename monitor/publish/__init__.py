"""What the history says, as documents for others: feeds, tables, reports, and the charts in them."""
