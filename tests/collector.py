"""A collector of traces: takes OTLP over HTTP as the real ones do, and keeps what it was sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Collector:
    """Where it listens, and every span by its id."""

    url: str = ""
    spans: dict[bytes, Span] = field(default_factory=dict)
    services: set[str] = field(default_factory=set)

    def named(self, name: str) -> list[Span]:
        """The spans of a name."""
        return [span for span in self.spans.values() if span.name == name]

    def below(self, span: Span) -> list[Span]:
        """The spans whose parent this one is."""
        return [one for one in self.spans.values() if one.parent_span_id == span.span_id]

    async def take(self, request: web.Request) -> web.Response:
        """One batch."""
        sent = ExportTraceServiceRequest.FromString(await request.read())
        for part in sent.resource_spans:
            self.services |= {one.value.string_value for one in part.resource.attributes if one.key == "service.name"}
            self.spans |= {span.span_id: span for scope in part.scope_spans for span in scope.spans}
        return web.Response(content_type="application/x-protobuf")


def facts(span: Span) -> dict[str, str | int]:
    """What a span notes."""
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """A collector on a free port."""
    collector = Collector()
    app = web.Application(client_max_size=16 << 20)
    app.router.add_post("/v1/traces", collector.take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        collector.url = f"http://{host}:{port}"
        yield collector
    finally:
        await runner.cleanup()
