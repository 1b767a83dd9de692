"""The one module that knows OpenTelemetry: spans, sent by OTLP over HTTP from a thread of its own.

Of a collector that is away nobody notices anything but that its spans are missing.
"""

import asyncio
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.context import Context, attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
)

from handlers.errors import DomainError
from server.tracing import NOTHING, End, Facts

# Spans wait so long for company, and a collector is waited for so long at the end.
EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 2

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


class _Noted:
    def __init__(self, span: Span) -> None:
        self._span = span

    def note(self, facts: Facts) -> None:
        self._span.set_attributes(dict(facts))


class OpenTelemetry:
    """Takes spans; how many of them, and under which name of a service, say OpenTelemetry's own variables."""

    on = True

    def __init__(self, url: str) -> None:
        instance = f"{socket.gethostname()}:{os.getpid()}"
        name = os.environ.get("OTEL_SERVICE_NAME", "skillnet")
        resource = Resource.create({"service.name": name, "service.instance.id": instance})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(f"{url}/v1/traces", timeout=PATIENCE_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=EVERY_SECONDS * 1000))
        self._tracer = self._provider.get_tracer("skillnet")

    @property
    def cause(self) -> str | None:
        """What is being done here, if anything is."""
        context = get_current_span().get_span_context()
        if not context.is_valid:
            return None
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"

    @contextmanager
    def span(
        self, name: str, facts: Facts = NOTHING, *, cause: str | None = None, is_entry: bool = False
    ) -> Iterator[_Noted]:
        """Something done here."""
        # A task inherits what its maker was doing: an entry is not part of that.
        within = _caused_by(cause) or (Context() if is_entry else None)
        kind = SpanKind.SERVER if is_entry else SpanKind.INTERNAL
        span = self._tracer.start_span(name, within, kind, dict(facts))
        token = attach(set_span_in_context(span))
        try:
            yield _Noted(span)
        except BaseException as error:
            if isinstance(error, DomainError):
                # An answer like any other.
                span.set_attribute("error.type", error.code)
            else:
                _fail(span, type(error).__name__)
            raise
        finally:
            detach(token)
            span.end()

    def begin(self, name: str, facts: Facts = NOTHING, *, cause: str | None = None) -> End:
        """Something that ends elsewhere."""
        return _end_of(self._tracer.start_span(name, _caused_by(cause), SpanKind.PRODUCER, dict(facts)))

    def command(self, name: str, collection: str) -> End | None:
        """A command to the database, as a part of what is done here."""
        if not get_current_span().is_recording():
            return None
        facts = {"db.system.name": "mongodb", "db.operation.name": name, "db.collection.name": collection}
        return _end_of(self._tracer.start_span(f"{name} {collection}".rstrip(), None, SpanKind.CLIENT, facts))

    async def stop(self) -> None:
        """Send what is there."""
        await asyncio.to_thread(self._provider.shutdown)


def _caused_by(cause: str | None) -> Context | None:
    if cause is None or (found := TRACEPARENT.fullmatch(cause)) is None:
        return None
    trace, span, flags = (int(part, 16) for part in found.groups())
    return set_span_in_context(NonRecordingSpan(SpanContext(trace, span, True, TraceFlags(flags))), Context())


def _end_of(span: Span) -> End:
    def end(error: str | None) -> None:
        if error is not None:
            _fail(span, error)
        span.end()

    return end


def _fail(span: Span, error: str) -> None:
    # By name alone: a message may say what somebody wrote.
    span.set_attribute("error.type", error)
    span.set_status(StatusCode.ERROR)
