"""A run as the journal keeps it: events made as things happen, and played back to stand where one stood."""
