"""Alembic migrations of the core tables. They run as the owner role, online, with lock timeouts."""
