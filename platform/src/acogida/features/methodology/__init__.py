"""The guide: its stages, steps, rows and gates, read from the catalogue and evaluated by whoever asks."""
