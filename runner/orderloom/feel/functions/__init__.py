"""The functions that formulas call: signatures in `table`, one module for each family of them."""
