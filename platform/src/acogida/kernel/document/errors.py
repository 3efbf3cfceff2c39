"""The one complaint of this package."""


class DocumentError(ValueError):
    """The document as asked for could not be printed, or not read by everybody: a fault of the code that
    wrote it."""
