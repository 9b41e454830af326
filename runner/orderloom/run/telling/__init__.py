"""What can be told of runs: their reports, their history, what people see, and what stays hidden."""
