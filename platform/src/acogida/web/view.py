"""What a page handler answers with: a page, a redirect with a notice, a file, or the screen of two versions.

A page answered with a refusal (4xx) dooms the work, so nothing it wrote stays.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import quote

from litestar import Request, Response
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template
from litestar.utils.scope.state import ScopeState

from acogida.kernel.work import Work
from acogida.web.cookies import ShortCookie
from acogida.web.forms import Form, differences, multidict
from acogida.web.shell import Notice, Shell


def _notice_cookie(request: Request[Any, Any, Any]) -> ShortCookie:
    """What carries a notice to the page after a redirect."""
    return ShortCookie(request.app.state.services.settings.secure_cookies, "aviso", 60)


@dataclass(slots=True)
class View:
    """The page side of one request."""

    request: Request[Any, Any, Any]
    work: Work
    shell: Shell

    @property
    def home(self) -> str:
        """Path of the current workspace, `/m/temuco`."""
        return f"/m/{self.work.tenant.slug}"

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asked for a piece of the page."""
        return self.request.headers.get("hx-request") == "true"

    async def posted(self) -> dict[str, list[str]]:
        """This method will give the fields that the browser sent, files left out."""
        return multidict((await self.request.form()).multi_items())

    async def uploaded(self, name: str) -> UploadFile | None:
        """This method will give the file that the browser sent in this field, or None where nobody chose one."""
        value = (await self.request.form()).get(name)
        return value if isinstance(value, UploadFile) else None

    def page(
        self, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
    ) -> Template:
        """This method will render a template inside the frame. Refusals (4xx) roll the work back."""
        if status >= 400:
            self.work.doom()
        answer = Template(
            template_name=template,
            context={
                "shell": self.shell,
                "csrf_token": csrf_token_of(self.request),
                "view": self,
                "work": self.work,
                "may": self.work.actor.may,
                **context,
            },
            status_code=status,
            headers={"cache-control": "no-store", "vary": "hx-request", **(headers or {})},
        )
        if self.shell.notices:
            answer.cookies.append(_notice_cookie(self.request).cleared())
        return answer

    def redirect(
        self, path: str, notice: str = "", *, kind: Literal["success", "info", "warning", "error"] = "success"
    ) -> Redirect:
        """This method will send the browser to `path` (of this site), where `notice` is shown once."""
        answer = Redirect(path, status_code=303)
        if notice:
            value = base64.urlsafe_b64encode(json.dumps([kind, notice]).encode()).decode()
            answer.cookies.append(_notice_cookie(self.request).carrying(value))
        return answer

    def conflict(self, mine: Form[Any], theirs: Form[Any], *, title: str, back: str) -> Template:
        """This method will show both versions of a record, field by field, so that the person chooses and saves again.

        The form posts back to this same address with the version of the other person: nothing typed is lost.
        """
        return self.page(
            "conflict.html",
            status=409,
            title=title,
            back=back,
            mine=mine,
            theirs=theirs,
            fields=list(differences(mine, theirs)),
        )

    def file(self, content: bytes, *, name: str, media_type: str, inline: bool = False) -> Response[bytes]:
        """This method will send bytes as a file called `name`."""
        disposition = "inline" if inline else "attachment"
        return Response(
            content,
            media_type=media_type,
            headers={
                "content-disposition": f"{disposition}; filename*=UTF-8''{quote(name)}",
                "x-content-type-options": "nosniff",
                "cache-control": "private, no-store",
                "content-security-policy": "default-src 'none'; sandbox",
            },
        )

    def with_shell(self, **changes: Any) -> "View":
        """This method will give the same view with parts of the frame replaced."""
        return replace(self, shell=replace(self.shell, **changes))


def csrf_token_of(request: Request[Any, Any, Any]) -> str:
    """This function will give the token that scripts send back with what they post."""
    token = ScopeState.from_scope(request.scope).csrf_token
    return token if isinstance(token, str) else ""


def notices_of(request: Request[Any, Any, Any]) -> Sequence[Notice]:
    """This function will read the notice left by the previous redirect, if it is ours and well formed."""
    value = _notice_cookie(request).read(request)
    if not value:
        return ()
    try:
        kind, text = json.loads(base64.urlsafe_b64decode(value.encode()))
    except (ValueError, TypeError):
        return ()
    if kind not in ("success", "info", "warning", "error") or not isinstance(text, str):
        return ()
    return (Notice(kind, text[:600]),)
