"""Finds the parts of the features: whatever a feature declares in a file of a known name is found by that name."""

import importlib
import importlib.util
import pkgutil
from typing import Any

import acogida.features
from acogida.kernel import duties, facts, hooks, narrowing, outbox, threads


def feature_modules(part: str) -> list[Any]:
    """This function will import `part` (pages, api, facts, jobs…) of every feature that has it, in name order."""
    names = sorted(feature.name for feature in pkgutil.iter_modules(acogida.features.__path__))
    return [
        importlib.import_module(f"acogida.features.{name}.{part}")
        for name in names
        if importlib.util.find_spec(f"acogida.features.{name}.{part}")
    ]


def register() -> None:
    """This function will tell the kernel who knows facts, who knows duties, who answers a record and who listens to what.

    Doing it twice changes nothing.
    """
    facts.SOURCES[:] = [*(module.facts for module in feature_modules("facts")), hooks.facts]
    duties.SOURCES[:] = [*(module.duties for module in feature_modules("duties")), hooks.duties]
    narrowing.SOURCES[:] = [module.scopes for module in feature_modules("scopes")]
    duties.HOLDINGS.clear()
    for module in feature_modules("holdings"):
        duties.HOLDINGS.update(module.HOLDINGS)
    threads.SOURCES[:] = [module.followers for module in feature_modules("threads")]
    heard: dict[type[outbox.Event], list[str]] = {}
    for module in feature_modules("jobs"):
        for event, listeners in getattr(module, "LISTENERS_OF", {}).items():
            heard.setdefault(event, []).extend(listeners)
    outbox.LISTENERS.clear()
    outbox.LISTENERS.update(heard)
    outbox.MORE_LISTENERS[:] = [hooks.listeners]
