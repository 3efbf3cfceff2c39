"""Acogida: the workspace where a municipality writes and follows its Política Municipal de Migración."""
