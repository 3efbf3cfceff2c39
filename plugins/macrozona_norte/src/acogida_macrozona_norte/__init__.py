"""Macrozona Norte: what a policy needs where people arrive. Offered to communes of three regions."""
