"""Loads every feature's tables, so that mappers and migrations see them all."""

import importlib
import importlib.util
import pkgutil

import acogida.features
from acogida.kernel import audit, idempotency, limits, mailbox

KERNEL = (audit, idempotency, limits, mailbox)


def load() -> None:
    """This function will import `model` of every feature that has one."""
    for feature in pkgutil.iter_modules(acogida.features.__path__):
        if importlib.util.find_spec(f"acogida.features.{feature.name}.model"):
            importlib.import_module(f"acogida.features.{feature.name}.model")
