"""What a municipality, OIM or Sermig does: one folder per noun."""
