"""A table that was read in, its files in every form out; what is written reads back to the same table."""
