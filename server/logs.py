"""Structured logs: one line an event, with the ids that find it, and no secret in it.

Libraries' loggers go through the same formatter; those that would print packets stay at warnings.
"""

import logging
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import structlog


@dataclass(slots=True)
class Served:
    """What is served now; who asks may be known only later. The names are those in the log."""

    request_id: str
    connection_id: str = ""
    user_id: str = ""


# Not structlog's own context: that copies a mapping for every request.
SERVED: ContextVar[Served | None] = ContextVar("served", default=None)

# These print what people write to each other, tokens included, when they are asked for more.
LOUD = ("engineio", "socketio", "aiohttp.access", "pymongo", "asyncio")


def add_served(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Put the ids of the request that is served, of its connection and of who asks into a log line."""
    if (served := SERVED.get()) is not None:
        for name in ("request_id", "connection_id", "user_id"):
            if value := getattr(served, name):
                event.setdefault(name, value)
    return event


def refuse(*lines: str) -> int:
    """Say why a command does nothing, a line for each reason; the exit code for it."""
    for line in lines:
        sys.stderr.write(f"skillnet: {line}\n")
    return 1


def configure(*, level: str, form: Literal["console", "json"]) -> None:
    """Send every log line to standard error in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        add_served,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if form == "json"
        else [
            # Plain traces: the pretty ones show the values of variables, and there are passwords among them.
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
