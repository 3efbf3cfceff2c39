"""PNME y ODS: what the policy shares with the national migration policy and the 2030 Agenda (guide 01)."""
