"""Finding things of one's own workspace by their words."""
