"""The pure state machine: a plan, and what has happened, in; the calls that are due, the waits and the end out."""
