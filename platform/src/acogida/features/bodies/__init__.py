"""Teams, mesa and concejo; their sessions, attendance, agreements and minutes."""
