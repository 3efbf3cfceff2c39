"""What other rooms may ask about the document and about what is public of it."""

from acogida.features.policies.store import (
    PublishedPolicy,
    VersionRow,
    publication_in,
    publications,
    versions,
)
from acogida.features.policies.words import MILESTONES

__all__ = ["MILESTONES", "PublishedPolicy", "VersionRow", "publication_in", "publications", "versions"]
