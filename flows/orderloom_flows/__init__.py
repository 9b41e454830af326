"""The shipped flows with their tables, rate cards, stock and samples; data only."""
