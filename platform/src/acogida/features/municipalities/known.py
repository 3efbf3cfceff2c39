"""What is known of each municipality: the domains of its mail, a mailbox that it publishes, and whether it is recognised.

Two sources: the files of `catalogue/territory`, with their provenance, and what Sermig has added since. Nobody's word
about themselves counts here.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from acogida.features.municipalities import store
from acogida.kernel.db import TenantSession


class HasCatalogue(Protocol):
    """The settings that tell where the catalogue is."""

    @property
    def catalogue(self) -> Path: ...


STATES = {
    "granted": "tiene el Sello Migrante",
    "adhered": "adhirió al Sello Migrante",
    "pilot": "participó en el piloto de la guía, con OIM y Sermig",
    "sermig": "Sermig la incorporó a su nómina",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one municipality."""

    domains: frozenset[str]
    public_address: str
    recognised: str
    """A key of STATES; empty where its workspace waits for the regional office."""

    def owns(self, domain: str) -> bool:
        """This method will tell whether a mail domain is the municipality's, or hangs from one that is."""
        return any(domain == known or domain.endswith(f".{known}") for known in self.domains)


async def known_of(session: TenantSession, catalogue: Path, cut: str) -> Known:
    """This function will tell what is known of the municipality of a commune; nothing is an answer too."""
    told = _files(catalogue / "territory").get(cut, Known(frozenset(), "", ""))
    added = await store.known_municipality(session, cut)
    if added is None:
        return told
    return Known(
        told.domains | frozenset(added.domains),
        added.public_address or told.public_address,
        told.recognised or ("sermig" if added.recognised else ""),
    )


@cache
def _files(folder: Path) -> dict[str, Known]:
    domains: dict[str, set[str]] = {}
    for row in _rows(folder / "municipal_domains.csv"):
        domains.setdefault(row["cut"], set()).add(row["domain"])
    addresses = {row["cut"]: row["address"] for row in _rows(folder / "municipal_addresses.csv")}
    states = {row["cut"]: row["state"] for row in _rows(folder / "sello_migrante.csv")}
    return {
        cut: Known(frozenset(domains.get(cut, ())), addresses.get(cut, ""), states.get(cut, ""))
        for cut in {*domains, *addresses, *states}
    }


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(newline="") as lines:
            yield from csv.DictReader(lines)
