"""Letting go: of what is personal, of a person everywhere, of history that is older than the project keeps it."""
