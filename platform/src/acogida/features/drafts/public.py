"""What a person was typing comes back: pages ask here before showing a form, and forget once it is saved."""

from acogida.features.drafts import store
from acogida.kernel.work import Work
from acogida.web.forms import D, Form

HIDDEN = frozenset({"_csrf_token", "password"})


async def restore(work: Work, key: str, form: Form[D]) -> Form[D]:
    """This function will give the form with what the person had typed and not saved, if there is any.

    The version stays the one they were looking at, so that saving over somebody else's change still shows both.
    `form.draft_at` says when it was kept, for the notice on the page.
    """
    kept = await store.draft(work, key)
    if kept is None:
        return form
    known = {name: values for name, values in kept.fields.items() if name in form.kind.form_fields()}
    restored = Form(form.kind, {**form.raw, **known})
    restored.draft_at = kept.updated_at
    return restored


async def discard(work: Work, key: str) -> None:
    """This function will forget the draft: it has been saved, or the person let it go."""
    await store.forget(work, key)
