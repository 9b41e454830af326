"""What people do to runs: answer, call again, cancel, and do over."""
