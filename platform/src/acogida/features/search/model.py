"""Tables that searching keeps: the public projection of the catalogue, the words that it knows, and the searches of which
people want news.

The first two are disposable and carry nothing that is not published, so no wall stands around them: a wall would switch
off the text index. Only `acogida_worker` writes there.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Integer, SmallInteger, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import GlobalTable, new_id


class IndexedPractice(GlobalTable):
    """A published practice as it is looked for. Written and read by `adapters.search_postgres` alone."""

    __tablename__ = "practice_index"
    __table_args__ = (Index("ix_practice_index_words", "words", postgresql_using="gin"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    summary: Mapped[str]
    body: Mapped[str]
    place: Mapped[str]
    country: Mapped[str]
    region: Mapped[str]
    scale: Mapped[str]
    evidence: Mapped[str]
    dimensions: Mapped[list[str]]
    categories: Mapped[list[str]]
    subcategories: Mapped[list[str]]
    themes: Mapped[list[str]]
    targets: Mapped[list[str]]
    languages: Mapped[list[str]]
    published_on: Mapped[date]
    adoptions: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str]
    head: Mapped[str] = mapped_column(TSVECTOR)
    """Words of all but the body: short enough to stay in the row, so that ranking thousands is quick."""
    words: Mapped[str] = mapped_column(TSVECTOR)


class KnownWord(GlobalTable):
    """A word of the catalogue without accents, its root, and in how many practices it is.

    Whoever types without accents, in plural or with a slip finds through here the roots that the texts really have.
    """

    __tablename__ = "practice_word"
    __table_args__ = (
        Index("ix_practice_word_trigram", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
        Index("ix_practice_word_beginning", "word", postgresql_ops={"word": "text_pattern_ops"}),
    )

    word: Mapped[str] = mapped_column(primary_key=True)
    stem: Mapped[str] = mapped_column(primary_key=True, index=True)
    documents: Mapped[int] = mapped_column(Integer)


class PracticeAlert(GlobalTable):
    """A search that somebody keeps, to be told by mail of what is new in it. It is erased when they no longer want it."""

    __tablename__ = "practice_alert"
    __table_args__ = (UniqueConstraint("email", "asked"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    email: Mapped[str]
    asked: Mapped[str]
    """Query of the search's address, as `finding.parameters` writes it."""
    token: Mapped[str] = mapped_column(unique=True)
    """What its letters carry. Kept as it is, because each letter needs it again; all it opens is this alert."""
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When whoever reads that mailbox said yes; until then it is told nothing."""
    told_on: Mapped[date | None]
    """What was published before this day was told already, or was there when the alert began."""
