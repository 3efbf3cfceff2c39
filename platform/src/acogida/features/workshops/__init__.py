"""Workshops of diagnosis and planning: who came, what was said, the photographs."""
