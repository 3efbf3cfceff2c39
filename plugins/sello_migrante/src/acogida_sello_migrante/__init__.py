"""Sello Migrante: the commune before the five commitments that the Servicio Nacional de Migraciones recognises (guide 01)."""
