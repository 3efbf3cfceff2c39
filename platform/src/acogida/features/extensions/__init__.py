"""Which plugins a municipality has enabled, and how each is set."""
