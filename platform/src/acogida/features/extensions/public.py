"""What other rooms may ask about extensions."""

from acogida.features.extensions.actions import disable, enable
from acogida.features.extensions.failures import tell as tell_failures
from acogida.features.extensions.store import enabled
from acogida.features.extensions.values import Line, LinesForm, columns, keep, left, lines
from acogida.kernel import hooks
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.forms import D

__all__ = [
    "Line",
    "LinesForm",
    "columns",
    "disable",
    "enable",
    "enabled",
    "keep",
    "left",
    "lines",
    "settings",
    "tell_failures",
]


async def settings(work: Work, name: str, kind: type[D]) -> D:
    """This function will give what the municipality has set for a plugin, or how its form starts.

    What was set with the form of another version, and this one can't read, counts as not set.
    """
    kept = (await hooks.enabled(work)).get(name, {})
    start = forms.blank(kind)
    form = forms.read(kind, {**start.raw, **{field: list(values) for field, values in kept.items()}})
    return form.data if form.ok else forms.read(kind, start.raw).data
