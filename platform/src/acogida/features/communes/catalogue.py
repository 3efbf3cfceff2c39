"""Loads regions, communes and figures from `catalogue/territory/`. Running it again changes nothing."""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from acogida.features.communes import store
from acogida.features.communes.model import CensusFigure, CensusOrigin, Commune, Region, ResidentEstimate
from acogida.kernel.db import GlobalTable, TenantSession

FILES = ("regions", "communes", "foreign_population", "foreign_population_by_origin", "foreign_population_ine_sermig")


def fold(text: str) -> str:
    """This function will give the text in lower case without accents, as names are searched."""
    plain = unicodedata.normalize("NFD", text.lower())
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


async def load(session: TenantSession, folder: Path, now: datetime) -> bool:
    """This function will bring the tables to what the files say, and tell whether there was anything to do."""
    digest = hashlib.sha256(b"".join((folder / f"{name}.csv").read_bytes() for name in FILES)).hexdigest()
    if await store.loaded_digest(session, "territory") == digest:
        return False
    for table, rows in _tables(folder):
        await store.upsert(session, table, rows)
    await store.note_load(session, "territory", digest, now)
    return True


def _tables(folder: Path) -> Iterator[tuple[type[GlobalTable], Sequence[dict[str, Any]]]]:
    yield (
        Region,
        [
            {
                "code": row["code"],
                "name": row["name"],
                "short_name": row["short_name"],
                "position": int(row["north_south_order"]),
            }
            for row in _read(folder / "regions.csv")
        ],
    )
    yield Commune, list(_communes(folder))
    yield (
        CensusFigure,
        [
            {
                "cut": row["cut"],
                "year": int(row["year"]),
                "total_population": int(row["total_population"]),
                "foreign_born": int(row["foreign_born"]),
                "foreign_born_pct": float(row["foreign_born_pct"]),
                "suppressed_in_first_edition": row["suppressed_in_first_edition"] == "1",
                "source": row["source"],
            }
            for row in _read(folder / "foreign_population.csv")
        ],
    )
    yield (
        CensusOrigin,
        [
            {
                "cut": row["cut"],
                "year": int(row["year"]),
                "origin": row["origin"],
                "foreign_born": int(row["foreign_born"]) if row["foreign_born"] else None,
                "suppressed": row["suppressed"] == "1",
            }
            for row in _read(folder / "foreign_population_by_origin.csv")
        ],
    )
    yield (
        ResidentEstimate,
        [
            {
                "level": row["level"],
                "code": row["code"] or row["name"],
                "year": int(row["year"]),
                "name": row["name"],
                "foreign_residents": int(row["foreign_residents_est"]),
                "source": row["source"],
            }
            for row in _read(folder / "foreign_population_ine_sermig.csv")
        ],
    )


def _communes(folder: Path) -> Iterator[dict[str, Any]]:
    for row in _read(folder / "communes.csv"):
        spellings = [row["name"], *filter(None, re.split(r"[|;]", row["alt_names"]))]
        yield {
            "cut": row["cut"],
            "name": row["name"],
            "search_key": " | ".join(dict.fromkeys(map(fold, spellings))),
            "region_code": row["region_code"],
            "province": row["province"],
            "latitude": float(row["lat"]),
            "longitude": float(row["lon"]),
            "municipality_cut": row["municipality_cut"],
            "slug": fold(row["name"]).replace(" ", "-"),
        }


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
