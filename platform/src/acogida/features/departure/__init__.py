"""Leaving with everything: the exit pack, coming back from it, and the end of a workspace."""
