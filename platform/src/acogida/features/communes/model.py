"""Regions, communes and their public figures. Facts with source and year; suppressed cells stay suppressed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Numeric, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import GlobalTable


class Region(GlobalTable):
    """One of the sixteen regions, ordered from north to south."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)


class Commune(GlobalTable):
    """One of the 346 communes, known by its CUT and never by its name (345 municipalities: Ley 19.726)."""

    __tablename__ = "commune"

    cut: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str]
    search_key: Mapped[str] = mapped_column(index=True)
    """Name and its other spellings, lower case, without accents."""
    region_code: Mapped[str] = mapped_column(ForeignKey("core.region.code"), index=True)
    province: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    municipality_cut: Mapped[str] = mapped_column(String(5))
    """The commune whose municipality administers this one: itself, except Antártica (Cabo de Hornos)."""
    slug: Mapped[str] = mapped_column(unique=True)


class CensusFigure(GlobalTable):
    """Census figures of a commune: people counted and people born abroad (a birthplace, not a nationality)."""

    __tablename__ = "census_figure"

    cut: Mapped[str] = mapped_column(ForeignKey("core.commune.cut"), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    total_population: Mapped[int]
    foreign_born: Mapped[int]
    foreign_born_pct: Mapped[float] = mapped_column(Numeric(5, 2, asdecimal=False))
    suppressed_in_first_edition: Mapped[bool]
    source: Mapped[str]


class CensusOrigin(GlobalTable):
    """People born abroad by country of birth. `foreign_born` is empty where INE suppressed the cell (50 or fewer)."""

    __tablename__ = "census_origin"

    cut: Mapped[str] = mapped_column(ForeignKey("core.commune.cut"), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    origin: Mapped[str] = mapped_column(primary_key=True)
    foreign_born: Mapped[int | None]
    suppressed: Mapped[bool]


class ResidentEstimate(GlobalTable):
    """Foreign residents estimated by INE and Sermig: another measure, never in one series with the census."""

    __tablename__ = "resident_estimate"

    level: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[str]
    foreign_residents: Mapped[int]
    source: Mapped[str]


class CatalogueLoad(GlobalTable):
    """Which content of the catalogue is in the database: loading the same again does nothing."""

    __tablename__ = "catalogue_load"

    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    loaded_at: Mapped[datetime]
