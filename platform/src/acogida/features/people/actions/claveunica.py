"""ClaveÚnica: entering with it, and tying it to an account. A RUN opens only the account that its owner tied it to."""

from acogida.features.people import letters, store
from acogida.features.people.actions import factors
from acogida.features.people.model import Person
from acogida.kernel.errors import Rejected
from acogida.kernel.ports import ProvenIdentity
from acogida.kernel.work import Work


async def owner(work: Work, proven: ProvenIdentity) -> Person | None:
    """This function will give the account that this RUN was tied to, if there is one and nobody disabled it."""
    return await store.person_by_run(work, proven.run)


async def tie(work: Work, proven: ProvenIdentity) -> Person:
    """This function will tie the RUN to the account of whoever is signed in; `Rejected` where it is tied to another."""
    person = await factors.myself(work, lock=True)
    other = await store.person_by_run(work, proven.run)
    if other is not None and other.id != person.id:
        raise Rejected(
            "Esta ClaveÚnica ya está vinculada a otra cuenta de Acogida. Ingrese con ella o desvincúlela allí."
        )
    person.run = proven.run
    await work.session.flush()
    await letters.factor_changed(work, to=person.email, name=person.name, said="Se vinculó su ClaveÚnica")
    return person


async def untie(work: Work) -> None:
    """This function will forget the RUN of whoever is signed in, who must have a password to come back with."""
    person = await factors.myself(work, lock=True)
    if person.password_hash is None:
        raise Rejected("Antes de desvincular ClaveÚnica elija una contraseña: si no, no podría volver a entrar.")
    person.run = None
    await work.session.flush()
    await letters.factor_changed(work, to=person.email, name=person.name, said="Se desvinculó su ClaveÚnica")
