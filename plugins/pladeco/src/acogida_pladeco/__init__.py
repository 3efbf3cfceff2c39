"""PLADECO: what the policy shares with the commune's development plan (Ley 18.695, art. 6 and 7; guide 01)."""
