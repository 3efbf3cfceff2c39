"""Tables that searching keeps: the public projection of the catalogue and the words that it knows.

They are disposable and carry nothing that is not published, so no wall stands around them: a wall would switch off the
text index. Only `acogida_worker` writes here.
"""

from datetime import date

from sqlalchemy import Index, Integer, SmallInteger
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import GlobalTable


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
