"""Enabling, disabling and setting what a municipality adds to its workspace."""

from acogida.features.extensions import store
from acogida.features.extensions.model import Extension
from acogida.features.extensions.offers import Offer, offer
from acogida.kernel import audit, containment, hooks
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.forms import FormData


async def enable(work: Work, name: str) -> Offer:
    """This function will turn a plugin on; what it had kept here is there again. Enabling twice is enabling once."""
    work.require("extension:manage")
    wanted = await offer(work, name)
    row = await store.extension(work, name, lock=True)
    containment.forgive(work, name)
    if row is None:
        row = Extension(name=name, enabled=False)
        work.session.add(row)
    if row.enabled:
        return wanted

    row.enabled = True
    await work.session.flush()
    hooks.remember(work, None)

    await audit.record(
        work,
        "extension.enabled",
        f"habilitó la extensión «{wanted.plugin.title}»",
        subject=row,
        before={"enabled": False},
        after={"enabled": True, "plugin_version": wanted.plugin.version},
    )
    return await offer(work, name)


async def disable(work: Work, name: str) -> str:
    """This function will turn a plugin off and give its title: nothing that it keeps is erased.

    Also what is not offered any more can be turned off.
    """
    work.require("extension:manage")
    row = await store.extension(work, name, lock=True)
    if row is None:
        raise NotFound
    plugin = hooks.registry().offered.get(name)
    title = plugin.title if plugin else name
    if not row.enabled:
        return title

    row.enabled = False
    await work.session.flush()
    hooks.remember(work, None)

    await audit.record(
        work,
        "extension.disabled",
        f"deshabilitó la extensión «{title}»",
        subject=row,
        before={"enabled": True},
        after={"enabled": False},
    )
    return title


async def configure(work: Work, name: str, wanted: FormData, *, version: int) -> Offer:
    """This function will set a plugin that is on, with the form that it declares."""
    work.require("extension:manage")
    one = await offer(work, name)
    row = await store.extension(work, name, lock=True)
    if one.form is None or row is None or not row.enabled:
        raise Rejected("Esta extensión no está habilitada o no tiene nada que ajustar.")
    if row.version != version:
        raise Stale(row)

    before, row.settings = row.settings, forms.filled(one.form, wanted).raw
    await work.session.flush()
    hooks.remember(work, None)

    await audit.record(
        work,
        "extension.configured",
        f"ajustó la extensión «{one.plugin.title}»",
        subject=row,
        before=before,
        after=row.settings,
    )
    return await offer(work, name)
