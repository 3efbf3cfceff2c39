"""What we write to people's mailboxes: plain Spanish, one link, how long it lasts and what to do if it was not them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from acogida.kernel import mailbox
from acogida.kernel.clock import SANTIAGO
from acogida.kernel.permissions import ROLES
from acogida.kernel.work import Work
from acogida.web.format import long_date, moment

_FOOT = "\n\n— Acogida, acompaña a las municipalidades en su política de migración.\nEste correo es automático: nadie lee las respuestas.\n"


def titles_of(roles: list[str]) -> str:
    """This function will name roles in a sentence: «Integrante del equipo ejecutivo y Concejal o concejala»."""
    names = [ROLES[key].title for key in roles if key in ROLES]
    return " y ".join(filter(None, [", ".join(names[:-1]), names[-1] if names else ""]))


async def claim(work: Work, *, to: str, name: str, commune: str, path: str, until: datetime) -> None:
    await _send(
        work,
        to,
        f"Abrir el espacio de la Municipalidad de {commune}",
        f"""Hola, {name}:

Usted pidió abrir en Acogida el espacio de trabajo de la Municipalidad de {commune}. Para seguir, abra este enlace:

{mailbox.link(path)}

Sirve hasta el {_until(until)} y una sola vez. Ahí elegirá su contraseña y dirá quién ejerce la secretaría ejecutiva.

Si usted no lo pidió, no haga nada: sin ese enlace el espacio no se abre.""",
    )


async def claim_approved(work: Work, *, to: str, name: str, commune: str, path: str, until: datetime) -> None:
    await _send(
        work,
        to,
        f"Aprobado: puede entrar al espacio de la Municipalidad de {commune}",
        f"""Hola, {name}:

La oficina de Sermig revisó su solicitud y la aprobó. Para entrar al espacio de la Municipalidad de {commune}, abra este enlace:

{mailbox.link(path)}

Sirve hasta el {_until(until)} y una sola vez.""",
    )


async def claim_refused(work: Work, *, to: str, name: str, commune: str, reason: str) -> None:
    await _send(
        work,
        to,
        f"Su solicitud por la Municipalidad de {commune}",
        f"""Hola, {name}:

La oficina de Sermig revisó su solicitud y no la aprobó, por este motivo:

{reason}

Puede volver a pedirlo con lo que falta, desde la página de su comuna: {mailbox.link("/comunas")}""",
    )


async def claim_overtaken(work: Work, *, to: str, name: str, commune: str) -> None:
    await _send(
        work,
        to,
        f"Otra persona abre el espacio de la Municipalidad de {commune}",
        f"""Hola, {name}:

Usted pidió abrir el espacio de la Municipalidad de {commune}, y otra persona de la municipalidad fue reconocida para hacerlo. Cuando esté abierto podrá pedir acceso desde la página de la comuna: {mailbox.link("/comunas")}

Si cree que esa persona no representa a la municipalidad, responda por los canales de la oficina regional de Sermig.""",
    )


async def claim_code(
    work: Work, *, to: str, commune: str, who: str, cargo: str, email: str, code: str, until: datetime
) -> None:
    await _send(
        work,
        to,
        f"Código para abrir el espacio de la Municipalidad de {commune}",
        f"""Hola:

{who}, que dice ser {cargo} y escribe desde {email}, pide abrir en Acogida el espacio de trabajo de la Municipalidad de {commune} para su política de migración.

Si esa persona trabaja en la municipalidad, entréguele este código: {code}

Sirve hasta el {_until(until)}. Si no la conoce, no haga nada: sin el código no puede seguir por este camino.""",
    )


async def claim_waits(work: Work, *, to: str, name: str, commune: str, who: str, cargo: str, path: str) -> None:
    await _send(
        work,
        to,
        f"Piden abrir el espacio de la Municipalidad de {commune}",
        f"""Hola, {name}:

{who} ({cargo}) espera que su oficina resuelva una solicitud por la Municipalidad de {commune}. Revise su acto de nombramiento y respóndale:

{mailbox.link(path)}""",
    )


async def succeeded(work: Work, *, to: str, name: str, commune: str, who: str) -> None:
    await _send(
        work,
        to,
        f"Cambió la secretaría ejecutiva del espacio de {commune}",
        f"""Hola, {name}:

{who} asumió la secretaría ejecutiva del espacio de la Municipalidad de {commune}, con su acto de nombramiento revisado por Sermig. Si es un error, avise enseguida a la municipalidad y a la oficina regional de Sermig.""",
    )


async def invitation(
    work: Work, *, to: str, name: str, commune: str, by: str, roles: list[str], path: str, until: datetime
) -> None:
    await _send(
        work,
        to,
        f"Invitación al espacio de la Municipalidad de {commune}",
        f"""Hola, {name}:

{by} le invita a trabajar en la política de migración de {commune}, en Acogida, como: {titles_of(roles)}.

Para aceptar, abra este enlace:

{mailbox.link(path)}

Sirve hasta el {_until(until)}. Si no esperaba esta invitación, no haga nada y avise a la municipalidad.""",
    )


async def reset(work: Work, *, to: str, name: str, path: str, until: datetime) -> None:
    await _send(
        work,
        to,
        "Elegir una contraseña nueva en Acogida",
        f"""Hola, {name}:

Alguien pidió cambiar la contraseña de su cuenta. Si fue usted, abra este enlace y elija otra:

{mailbox.link(path)}

Sirve hasta el {_until(until)} y una sola vez. Si no fue usted, no haga nada: su contraseña sigue siendo la misma.""",
    )


async def password_changed(work: Work, *, to: str, name: str) -> None:
    await _send(
        work,
        to,
        "Su contraseña de Acogida cambió",
        f"""Hola, {name}:

La contraseña de su cuenta se cambió el {moment(work.clock.now())} y se cerraron las demás sesiones.

Si no fue usted, recupere su cuenta enseguida: {mailbox.link("/recuperar")}""",
    )


async def factor_changed(work: Work, *, to: str, name: str, said: str) -> None:
    await _send(
        work,
        to,
        "Cambió la forma de entrar a su cuenta de Acogida",
        f"""Hola, {name}:

{said} el {moment(work.clock.now())}.

Si no fue usted, cambie su contraseña enseguida y cierre las demás sesiones: {mailbox.link("/cuenta")}""",
    )


async def emergency(
    work: Work, *, to: str, name: str, commune: str, who: str, reason: str, until: datetime, path: str
) -> None:
    await _send(
        work,
        to,
        f"Acceso de emergencia al espacio de {commune}",
        f"""Hola, {name}:

{who}, que opera la plataforma, abrió un acceso de emergencia al espacio de la Municipalidad de {commune}, sólo para leer, hasta el {_until(until)}. El motivo que dio:

{reason}

Cada página que abra queda a la vista de la municipalidad: {mailbox.link(path)}""",
    )


async def access_asked(work: Work, *, to: str, name: str, commune: str, who: str, cargo: str, path: str) -> None:
    await _send(
        work,
        to,
        f"Piden acceso al espacio de {commune}",
        f"""Hola, {name}:

{who} ({cargo}) pide acceso al espacio de la Municipalidad de {commune}. Revise si corresponde y respóndale:

{mailbox.link(path)}""",
    )


async def access_declined(work: Work, *, to: str, name: str, commune: str) -> None:
    await _send(
        work,
        to,
        f"Su pedido de acceso al espacio de {commune}",
        f"""Hola, {name}:

La Municipalidad de {commune} revisó su pedido de acceso y por ahora no lo aceptó. Si cree que es un error, hable con la secretaría ejecutiva del proceso en la municipalidad.""",
    )


async def access_ended(work: Work, *, to: str, name: str, commune: str) -> None:
    await _send(
        work,
        to,
        f"Su acceso al espacio de {commune} terminó",
        f"""Hola, {name}:

La Municipalidad de {commune} terminó su acceso a su espacio de trabajo en Acogida. Lo que usted registró queda guardado allí. Su cuenta sigue existiendo.""",
    )


def _until(at: datetime, zone: ZoneInfo = SANTIAGO) -> str:
    return f"{long_date(at, zone)} a las {at.astimezone(zone):%H:%M}"


async def _send(work: Work, to: str, subject: str, text: str) -> None:
    await mailbox.post(work, to=to, subject=subject, text=text + _FOOT)
