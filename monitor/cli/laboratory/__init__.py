"""The rule laboratory: what rules do, shown on texts, examples and the history."""
