"""Table files in, rows, columns and cases out; every fault is a finding with its place."""
