"""The published JSON Schemas of the canonical documents; data only, generated from `orderloom.model`."""
