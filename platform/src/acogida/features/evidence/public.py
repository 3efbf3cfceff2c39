"""What other rooms may do with files.

`await keep(work, files, upload, kind="minutes", subject_type="meeting", subject_id=row.id)` keeps one: `upload` comes
from `await view.uploaded("file")`, from a JSON handler's `UploadFile`, or from `from_bytes` for what we make ourselves.
`attach` does the whole of a page's upload form. The macros of `evidence/_files.html` show files and draw that form.
"""

from acogida.features.evidence.actions import (
    ALLOWED,
    LIMIT,
    LIMIT_OF_AUDIO,
    forget_unless_committed,
    keep,
    reconcile,
    remove,
)
from acogida.features.evidence.areas import read_areas
from acogida.features.evidence.forms import AddFile
from acogida.features.evidence.images import Area, NotAnImage, cut
from acogida.features.evidence.model import File
from acogida.features.evidence.opening import Closed, in_hand, open_file, openable
from acogida.features.evidence.receiving import Upload
from acogida.features.evidence.store import file as file_row
from acogida.features.evidence.store import file_counts, files_of, newest_files
from acogida.features.evidence.uploads import attach, from_bytes, let_go, sent_before
from acogida.features.evidence.words import CONSENT, KINDS, PEOPLE

__all__ = [
    "ALLOWED",
    "CONSENT",
    "KINDS",
    "LIMIT",
    "LIMIT_OF_AUDIO",
    "PEOPLE",
    "AddFile",
    "Area",
    "Closed",
    "File",
    "NotAnImage",
    "Upload",
    "attach",
    "cut",
    "file_counts",
    "file_row",
    "files_of",
    "forget_unless_committed",
    "from_bytes",
    "in_hand",
    "keep",
    "let_go",
    "newest_files",
    "open_file",
    "openable",
    "read_areas",
    "reconcile",
    "remove",
    "sent_before",
]
