"""Running a plan: the interpreter, a pure state machine, and the drivers that call nodes for it."""
