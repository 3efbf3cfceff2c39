"""Forming teams and holding sessions: one function per verb."""
