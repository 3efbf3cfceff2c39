"""Accounts, sessions, memberships, invitations and access keys."""
