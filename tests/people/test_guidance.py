"""What anybody may read about Acogida itself."""

from dataclasses import replace

import pytest

from acogida.adapters.mail import LocalMailbox
from acogida.app.wiring import Services
from acogida.kernel.permissions import PERMISSIONS, ROLES
from acogida.kernel.ports import Mail
from support.visitor import Visitor


async def test_help_shows_the_matrix_as_it_is_enforced(services: Services, visitor: Visitor) -> None:
    """Each right of each role is a tick of the table, no more and no fewer."""
    page = await visitor.get("/ayuda")

    table = page.text.partition('<table class="table table--fixed matrix">')[2].partition("</table>")[0]
    assert table.count(">Sí<") == sum(len(role.rights & PERMISSIONS.keys()) for role in ROLES.values())
    assert table.count("<tr>") == len(PERMISSIONS) + 1
    assert 'href="/guia/glosario"' in page.text


@pytest.mark.parametrize(("path", "words"), [("/accesibilidad", "WCAG 2.2"), ("/privacidad", "Ley 21.719")])
async def test_what_is_promised_to_everybody_is_public(
    services: Services, visitor: Visitor, path: str, words: str
) -> None:
    """Accessibility and personal data need no account."""
    page = await visitor.get(path)

    assert page.status_code == 200
    assert words in page.text


async def test_local_mail_is_read_with_its_links(services: Services, visitor: Visitor) -> None:
    """A fresh machine shows what it would have sent; what was written in a letter stays text."""
    await services.mailer.send(
        Mail("rosa@temuco.cl", "Invitación", "Abra http://acogida.test/abrir/x <b>ya</b>"), key="uno"
    )

    page = await visitor.get("/correo")

    assert '<a href="http://acogida.test/abrir/x">' in page.text
    assert "<b>ya</b>" not in page.text


async def test_there_is_no_local_mail_in_production(services: Services, visitor: Visitor) -> None:
    """With the environment of production, or with a real mailer, the page does not exist."""
    assert isinstance(services.mailer, LocalMailbox)
    services.settings = replace(services.settings, environment="production")

    assert (await visitor.get("/correo")).status_code == 404

    services.settings = replace(services.settings, environment="development")
    services.mailer = object()  # type: ignore[assignment]
    assert (await visitor.get("/correo")).status_code == 404
