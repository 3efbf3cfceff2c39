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
from acogida.features.evidence.areas import read_areas, refuse_outside
from acogida.features.evidence.forms import AddFile
from acogida.features.evidence.images import Area
from acogida.features.evidence.model import File
from acogida.features.evidence.opening import Closed, open_file, open_picture, openable, part_of
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
    "Upload",
    "attach",
    "file_counts",
    "file_row",
    "files_of",
    "forget_unless_committed",
    "from_bytes",
    "keep",
    "let_go",
    "newest_files",
    "open_file",
    "open_picture",
    "openable",
    "part_of",
    "read_areas",
    "reconcile",
    "refuse_outside",
    "remove",
    "sent_before",
]
