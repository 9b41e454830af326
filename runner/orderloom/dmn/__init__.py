"""Models of the DMN standard (OMG, 1.1 to 1.6): XML in, decisions that explain themselves out, and XML again."""
