"""Logs: JSON in production, colour at a terminal. Ids and counts, never names, RUTs or what people wrote.

Our lines name nobody by themselves. What a failure says of itself may (PostgreSQL tells the row that it refused), so
every line passes `without_people` last.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from acogida.app.settings import Settings

_ROW = re.compile(r"(DETAIL:|Key \(|Failing row contains).*")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_RUT = re.compile(r"\b\d{1,2}\.?\d{3}\.?\d{3}-[\dkK]\b")


def without_people(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """This function will take rows, e-mail addresses and RUTs out of what a line says."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _RUT.sub("[rut]", _ADDRESS.sub("[correo]", _ROW.sub("[fila]", value)))
    return event


def configure(settings: Settings) -> None:
    """This function will set structlog and the standard library on one pipeline."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # locals would print what people wrote
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_people,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("uvicorn.access", "httpx", "alembic", "procrastinate", "asyncio", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
