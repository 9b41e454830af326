"""Who calls the nodes: in memory for one order after another, or with the journal for many side by side."""
