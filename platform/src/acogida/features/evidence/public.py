"""What other rooms may do with files.

`await keep(work, files, upload, kind="minutes", subject_type="meeting", subject_id=row.id)` keeps one: `upload` comes
from `await view.uploaded("file")`, from a JSON handler's `UploadFile`, or from `from_bytes` for what we make ourselves.
`attach` does the whole of a page's upload form. The macros of `evidence/_files.html` show files and draw that form.
"""

from acogida.features.evidence.actions import (
    ALLOWED,
    LIMIT,
    Upload,
    forget_unless_committed,
    keep,
    open_file,
    reconcile,
    remove,
)
from acogida.features.evidence.forms import AddFile
from acogida.features.evidence.model import File
from acogida.features.evidence.store import file as file_row
from acogida.features.evidence.store import file_counts, files_of, newest_files
from acogida.features.evidence.uploads import attach, from_bytes
from acogida.features.evidence.words import CONSENT, KINDS, PEOPLE

__all__ = [
    "ALLOWED",
    "CONSENT",
    "KINDS",
    "LIMIT",
    "PEOPLE",
    "AddFile",
    "File",
    "Upload",
    "attach",
    "file_counts",
    "file_row",
    "files_of",
    "forget_unless_committed",
    "from_bytes",
    "keep",
    "newest_files",
    "open_file",
    "reconcile",
    "remove",
]
