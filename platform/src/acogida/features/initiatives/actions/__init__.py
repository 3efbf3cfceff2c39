"""The verbs of the plan, one file for each noun. Each finds the row, compares its version, checks the rules, writes, notes it
in the book and tells whoever listens."""

from acogida.features.initiatives.actions.axes import add_axis, edit_axis, move_axis, remove_axis
from acogida.features.initiatives.actions.frame import edit_frame, review_plan
from acogida.features.initiatives.actions.initiatives import (
    add_initiative,
    bring_candidates,
    duplicate_initiative,
    edit_initiative,
    move_initiative,
    remove_initiative,
    review_initiative,
)
from acogida.features.initiatives.actions.objectives import (
    add_objective,
    edit_objective,
    move_objective,
    remove_objective,
    set_general_objective,
)
from acogida.features.initiatives.actions.sheets import change_cell, write_rows

__all__ = [
    "add_axis",
    "add_initiative",
    "add_objective",
    "bring_candidates",
    "change_cell",
    "duplicate_initiative",
    "edit_axis",
    "edit_frame",
    "edit_initiative",
    "edit_objective",
    "move_axis",
    "move_initiative",
    "move_objective",
    "remove_axis",
    "remove_initiative",
    "remove_objective",
    "review_initiative",
    "review_plan",
    "set_general_objective",
    "write_rows",
]
