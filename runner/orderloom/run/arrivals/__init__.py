"""Documents that come in: read one by one, known again by their keys, and later words on what has a run."""
