"""The outside world: one module per kind of neighbour, each behind a port of the kernel."""
