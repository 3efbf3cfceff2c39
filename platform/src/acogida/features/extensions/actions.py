"""Enabling, disabling and setting what a municipality adds to its workspace."""

from acogida.features.extensions import copies, store
from acogida.features.extensions.model import Extension, ExtensionCopy, Recommendation
from acogida.features.extensions.offers import Offer, offer
from acogida.kernel import audit, containment, hooks
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.manifest import Plugin
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.forms import FormData

REGIONS = tuple(f"{number:02}" for number in range(1, 17))
"""Codes of the regions of Chile."""


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
    """This function will turn a plugin off and give its title: nothing that it keeps is erased, and a copy of it is taken.

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
    await copies.take(work, only=name)

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


async def copy(work: Work, name: str) -> ExtensionCopy:
    """This function will take now a plain copy of all that a plugin keeps here."""
    work.require("extension:manage")
    one = await offer(work, name)
    taken = await copies.take(work, only=name)
    if not taken:
        raise Rejected("Esta extensión no está habilitada, no guarda nada que copiar o no respondió.")

    await audit.record(
        work,
        "extension.copied",
        f"guardó una copia de lo que registró la extensión «{one.plugin.title}»",
        subject=taken[0],
    )
    return taken[0]


async def erase(work: Work, name: str) -> int:
    """This function will erase for good all that a plugin keeps here, turn it off, and tell how many rows they were.

    The links and the copies that the core keeps of it go too. Raises `Rejected` where the plugin can't.
    """
    work.require("extension:manage")
    one = await offer(work, name)
    row = await store.extension(work, name, lock=True)
    if row is None or not row.enabled:
        raise Rejected("Habilite la extensión antes de borrar lo que registró: sólo ella sabe qué es suyo.")
    if name not in hooks.registry().answers("shred"):
        raise Rejected("Esta extensión no ofrece borrar lo que registró.")
    try:
        erased = await hooks.shred(work, name)
    except containment.Failed:
        raise Rejected("La extensión falló al borrar y no se borró nada. Avise a quien opera la plataforma.") from None

    await store.erase_values(work, name)
    await store.erase_copy(work, name)
    row.enabled, row.settings = False, {}
    await work.session.flush()
    hooks.remember(work, None)

    await audit.record(
        work,
        "extension.erased",
        f"borró lo que registró la extensión «{one.plugin.title}» y la deshabilitó",
        subject=row,
        before={"enabled": True},
        after={"enabled": False, "erased": erased},
    )
    return erased


async def recommend(work: Work, name: str, region: str, reason: str) -> Recommendation:
    """This function will recommend a plugin to the communes of a region, in the name of the office that asks for it.

    A regional office speaks for its own region. Recommending again changes the reason.
    """
    work.require("extension:recommend")
    plugin = _recommendable(work, name, region)
    words = forms.clean(reason)
    if not 10 <= len(words) <= 600:
        raise Rejected(fields={"reason": "Diga por qué la recomienda, en 10 a 600 caracteres."})
    row = await store.recommendation(work.session, plugin.name, region)
    if row is None:
        row = Recommendation(plugin=plugin.name, region=region)
        work.session.add(row)
    row.reason = words
    row.recommended_by, row.recommended_at = work.actor.name, work.clock.now()
    await work.session.flush()
    return row


async def withdraw(work: Work, name: str, region: str) -> None:
    """This function will take a recommendation back; what communes have enabled stays."""
    work.require("extension:recommend")
    if work.actor.region not in ("", region):
        raise NotFound
    row = await store.recommendation(work.session, name, region)
    if row is None:
        raise NotFound
    await work.session.delete(row)
    await work.session.flush()


def _recommendable(work: Work, name: str, region: str) -> Plugin:
    plugin = hooks.registry().offered.get(name)
    if plugin is None or region not in REGIONS or work.actor.region not in ("", region):
        raise NotFound
    if (plugin.regions and region not in plugin.regions) or (plugin.communes and not plugin.regions):
        raise Rejected(fields={"region": "Esta extensión no se ofrece a todas las comunas de esa región."})
    return plugin
