"""Documents on paper: the PDF by Typst and the editable Word file, made by a worker process of their own."""

from acogida.adapters.documents.engine import DocumentEngine, DocumentEngineError

__all__ = ["DocumentEngine", "DocumentEngineError"]
