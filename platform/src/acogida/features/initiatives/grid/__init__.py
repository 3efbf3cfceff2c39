"""The planning matrix as a grid: how its rows are asked for, how its cells are written and read."""
