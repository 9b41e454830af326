"""Many orders over the same stock, planned together."""
