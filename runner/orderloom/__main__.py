"""`python -m orderloom` is the command `orderloom`."""

from orderloom.cli import main

main()
