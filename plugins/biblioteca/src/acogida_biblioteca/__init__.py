"""Biblioteca: what the municipal library has in the languages of those who arrive, and what it goes along with."""
