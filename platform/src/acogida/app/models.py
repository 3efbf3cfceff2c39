"""Loads every feature's tables, so that mappers and migrations see them all."""

from acogida.app.discovery import feature_modules
from acogida.kernel import audit, idempotency, limits, mailbox

KERNEL = (audit, idempotency, limits, mailbox)


def load() -> None:
    """This function will import `model` of every feature that has one."""
    feature_modules("model")
