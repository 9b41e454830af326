"""Running plans: the pure `machine`, `kept` runs of the journal, `drivers` that call nodes, and what is around them."""
