"""What we write to those who sign: one link, what it opens, and what to do if it was not for them."""

from acogida.kernel import mailbox
from acogida.kernel.work import Work


async def ask_signature(work: Work, *, to: str, name: str, act: str, path: str, again: bool = False) -> None:
    """This function will send somebody the link to sign an act; `again` where it is a reminder."""
    place = work.tenant.name
    opening = (
        f"Le recordamos que «{act}» de la Municipalidad de {place} espera su firma."
        if again
        else f"La Municipalidad de {place} le pide firmar «{act}»."
    )
    await mailbox.post(
        work,
        to=to,
        subject=f"{'Recordatorio: firmar' if again else 'Firmar'} «{act}», Municipalidad de {place}",
        text=f"""Hola, {name}:

{opening} Para leer el documento y firmarlo, abra este enlace:

{mailbox.link(path)}

El enlace es personal: no lo comparta. {"El que recibió antes dejó de servir. " if again else ""}Cuando su firma quede registrada, dejará de abrir.

Si usted no debe firmar este documento, no haga nada y avise a la municipalidad.

— Acogida, acompaña a las municipalidades en su política de migración.
Este correo es automático: nadie lee las respuestas.
""",
    )
