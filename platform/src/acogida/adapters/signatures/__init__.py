"""Electronic signatures in PDF files: a process of their own reads them, because whoever made the file may mean harm.

Nothing here imports pyHanko: only the process that examines does (`examination`).
"""

from acogida.adapters.signatures.engine import SignatureReader

__all__ = ["SignatureReader"]
