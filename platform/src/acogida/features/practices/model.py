"""The good-practice catalogue (guide 03 · 2): practices, the editions that can be cited for ever, proposals, adoptions.

Everything here is shared, because anybody may read it, except `Adoption`, which lives inside a workspace. What a
municipality tells the land about an adoption is the row of `PracticeAdoption`: its commune and whether the goal was met,
and only when it agreed. Editions, events and messages can be added and read, never changed: that is a grant.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, SmallInteger, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from acogida.kernel.db import CycleTable, GlobalTable, new_id, tenant_key

STATES = {
    "draft": "Borrador",
    "in_review": "En revisión",
    "approved": "Aprobada, por publicar",
    "published": "Publicada",
    "due": "Por revisar de nuevo",
    "retired": "Retirada",
}
"""`due` is never kept: it is `published` whose date of review has come."""
ORIGINS = {
    "guide": "Guía OIM–Sermig, capítulo 03",
    "compiled": "Recopilada de fuentes públicas",
    "municipality": "Propuesta por una municipalidad",
    "civil_society": "Propuesta por la sociedad civil",
    "curator": "Escrita por la curaduría",
    "imported": "Cargada de una planilla",
}
PROPOSAL_STATES = {
    "received": "Recibida",
    "returned": "Con preguntas",
    "answered": "Respondida",
    "accepted": "Aceptada",
    "declined": "No incorporada",
}
SOURCE_LANGUAGE = "es"
LANGUAGES = {"en": "Inglés", "pt": "Portugués", "ht": "Creole haitiano"}
"""Languages into which a practice may be translated; the original is Spanish."""
TRANSLATION_STATES = {"machine": "Automática, sin revisar", "reviewed": "Revisada por una persona"}


class Practice(GlobalTable):
    """A practice as the curators work on it. What anybody reads is its newest edition."""

    __tablename__ = "practice"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    code: Mapped[str] = mapped_column(unique=True)
    """`BP-013`: given once, never used again."""
    title: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    """draft, in_review, approved, published or retired: of what is being worked on, not of what is public."""
    origin: Mapped[str]
    content: Mapped[dict[str, Any]]
    """The fields of `content.Content` as they stand on the desk."""
    edition: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """Number of the newest edition; 0 while there is none."""
    due_on: Mapped[date | None]
    """Day on which it must be looked at again."""
    reviewed_by: Mapped[str] = mapped_column(default="", server_default="")
    approved_by: Mapped[str] = mapped_column(default="", server_default="")
    retired_reason: Mapped[str] = mapped_column(default="", server_default="")
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("core.practice.code"))
    """Code of the practice that took this one in: whoever asks for this one is sent there."""
    file_sha256: Mapped[str] = mapped_column(default="", server_default="")
    """Of the catalogue's file it was last brought to; empty for those that come from no file."""
    touched: Mapped[bool] = mapped_column(default=False, server_default="false")
    """A person changed it here: the file no longer speaks for it."""
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    updated_by: Mapped[str] = mapped_column(default="", server_default="")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # pyrefly: ignore[bad-override]
        return {"version_id_col": cls.version, "eager_defaults": True}

    @property
    def public(self) -> bool:
        """Whether anybody finds it: it has an edition and was not taken out."""
        return self.edition > 0 and self.state != "retired"

    def stands(self, today: date) -> str:
        """This method will give the state with `due` where the day of its review has come."""
        return "due" if self.state == "published" and self.due_on and self.due_on <= today else self.state


class PracticeEdition(GlobalTable):
    """A practice as it was published: numbered, signed by who approved it, citable for ever. Never changed."""

    __tablename__ = "practice_edition"
    __table_args__ = (
        Index(
            "ix_practice_edition_content",
            "content",
            postgresql_using="gin",
            postgresql_ops={"content": "jsonb_path_ops"},
        ),
    )

    practice_id: Mapped[UUID] = mapped_column(ForeignKey("core.practice.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    content: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_on: Mapped[date]
    reviewed_by: Mapped[str]
    approved_by: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="")
    """What changed since the edition before, in a sentence."""
    sha256: Mapped[str]
    """Of the content, in hexadecimal."""


class PracticeTranslation(GlobalTable):
    """An edition in another language, with how far it can be trusted."""

    __tablename__ = "practice_translation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "edition"], ["core.practice_edition.practice_id", "core.practice_edition.number"]
        ),
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    state: Mapped[str]
    """machine or reviewed."""
    title: Mapped[str]
    summary: Mapped[str]
    how_it_works: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    results: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    translated_by: Mapped[str]
    reviewed_by: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # pyrefly: ignore[bad-override]
        return {"version_id_col": cls.version, "eager_defaults": True}


class PracticeEvent(GlobalTable):
    """The book of the catalogue: who did what to which practice. It can only grow, by grant."""

    __tablename__ = "practice_event"
    __table_args__ = (Index("ix_practice_event_code", "code", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    at: Mapped[datetime]
    code: Mapped[str]
    """Of the practice, or folio of the proposal, that it is about."""
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    tag: Mapped[str]
    sentence: Mapped[str]
    """In Spanish and without its subject: «publicó la edición 2»."""
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    request_id: Mapped[str] = mapped_column(default="", server_default="")


class PracticeProposal(GlobalTable):
    """A practice that a municipality or an organisation offers to the catalogue. It never disappears: there is no grant to."""

    __tablename__ = "practice_proposal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    folio: Mapped[str] = mapped_column(unique=True)
    """`P-2026-0007`: what people name it by."""
    kind: Mapped[str]
    """municipality or civil_society."""
    state: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    content: Mapped[dict[str, Any]]
    municipality_id: Mapped[UUID | None] = mapped_column(index=True)
    """The workspace it comes from."""
    proposer: Mapped[str]
    """Municipality or organisation, as it is to be credited."""
    contact_name: Mapped[str]
    contact_email: Mapped[str]
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    """Of the link by which an organisation follows its proposal; workspaces need none."""
    practice_code: Mapped[str | None] = mapped_column(ForeignKey("core.practice.code"))
    """The practice it became, or the one that already told it."""
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # pyrefly: ignore[bad-override]
        return {"version_id_col": cls.version, "eager_defaults": True}


class PracticeProposalMessage(GlobalTable):
    """A question, an answer or a decision about a proposal."""

    __tablename__ = "practice_proposal_message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("core.practice_proposal.id"), index=True)
    at: Mapped[datetime]
    author: Mapped[str]
    side: Mapped[str]
    """curator or proposer."""
    kind: Mapped[str]
    """question, answer or decision."""
    text: Mapped[str]


class Adoption(CycleTable):
    """A practice that this municipality made its own: the edition it read and the initiative that came out of it."""

    __tablename__ = "adoption"
    __constraints__ = (
        UniqueConstraint("tenant_id", "initiative_id"),
        tenant_key("initiative_id", to="initiative", on_delete="SET NULL"),
        Index("ix_adoption_practice", "tenant_id", "practice_code"),
    )

    practice_code: Mapped[str] = mapped_column(ForeignKey("core.practice.code"))
    edition: Mapped[int] = mapped_column(SmallInteger)
    practice_title: Mapped[str]
    """As it read on the day it was adopted."""
    initiative_id: Mapped[UUID | None]
    """Empty once somebody took the initiative out of the plan: it no longer counts, and stays as what once was."""
    adopted_on: Mapped[date]
    adopted_by: Mapped[str]
    adaptations: Mapped[str] = mapped_column(default="", server_default="")
    """What was changed to fit the commune, and why."""
    share_result: Mapped[bool] = mapped_column(default=False, server_default="false")
    """The municipality agreed that its name and result appear on the practice."""


class PracticeAdoption(GlobalTable):
    """What the land may know of an adoption. One row for each municipality and practice, under a name that tells nothing."""

    __tablename__ = "practice_adoption"

    key: Mapped[UUID] = mapped_column(primary_key=True)
    """Made from the municipality and the practice; neither can be read back from it."""
    practice_code: Mapped[str] = mapped_column(ForeignKey("core.practice.code"), index=True)
    adopted_on: Mapped[date]
    commune: Mapped[str | None]
    """Its name, only where the municipality agreed."""
    goal_met: Mapped[bool | None]
    """Whether its initiative ended with its goal met; nothing where it did not agree or does not know yet."""
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
