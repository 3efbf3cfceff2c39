"""Pages that anybody may read about Acogida itself: help, accessibility, personal data; and, away from production,
the local mailbox."""

import re
from typing import Annotated, Any

from litestar import get
from litestar.params import Dependency
from litestar.response import Template

from acogida.features.people import store
from acogida.features.people.actions import factors
from acogida.features.people.forms import ROLE_HELP
from acogida.features.people.pages.factors import Sealings, sealer_of
from acogida.kernel.errors import NotFound
from acogida.kernel.permissions import PERMISSIONS, PLATFORM_PERMISSIONS, PLATFORM_ROLES, ROLES
from acogida.kernel.ports import LocalMail
from acogida.kernel.work import Work
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View

_LINK = re.compile(r"(https?://[^\s<>\"]+)")


@get("/ayuda", permission=PUBLIC)
async def help_page(view: View) -> Template:
    return view.page(
        "people/help.html",
        permissions=PERMISSIONS,
        roles=list(ROLES.values()),
        helps=ROLE_HELP,
        platform_permissions=PLATFORM_PERMISSIONS,
        platform_roles=list(PLATFORM_ROLES.values()),
    )


@get("/accesibilidad", permission=PUBLIC)
async def accessibility(view: View) -> Template:
    return view.page("people/accessibility.html")


@get("/privacidad", permission=PUBLIC)
async def privacy(view: View) -> Template:
    return view.page("people/privacy.html")


@get("/correo", permission=PUBLIC)
async def mailbox(
    work: Work, view: View, sealing: Sealings, mailer: Annotated[Any, Dependency(skip_validation=True)]
) -> Template:
    """What was mailed on this machine, newest first, and the codes of the demonstration's telephones.

    It does not exist in production.
    """
    if view.shell.environment == "production" or not isinstance(mailer, LocalMail):
        raise NotFound
    mails = [(mail, _LINK.split(mail.text)) for mail in mailer.newest(50)]
    telephones = [
        (person, code)
        for person, row in await store.authenticators_of_demo(work)
        if (code := factors.code_now(work, sealer_of(sealing), row))
    ]
    return view.page("people/mailbox.html", mails=mails, telephones=telephones)


ROUTES = [public(help_page, accessibility, privacy, mailbox)]
