"""The good-practice catalogue: curated by OIM, read by anybody, adopted by municipalities (guide 03 · 2)."""
