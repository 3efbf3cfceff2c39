"""The policy cycle of a municipality: its dates, its gates, its board."""
