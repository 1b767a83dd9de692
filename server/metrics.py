"""`/metrics`, in Prometheus's words: what was counted elsewhere is put together when somebody asks, and not before.

It is for those who run the server: with a token where one is set, else for this machine alone.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from itertools import accumulate

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from handlers.figures import count_backlog
from server.core import Core
from server.engine import SocketServer
from server.meter import BOUNDS, Timing
from server.pages import asked_from_here
from store.database import is_unavailable

PATIENCE_SECONDS = 2.0


class Metrics:
    """The figures of one web process, and of what all processes share."""

    def __init__(self, core: Core, sockets: SocketServer) -> None:
        self._core = core
        self._sockets = sockets

    async def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        shared = await self._shared()
        registry = CollectorRegistry()
        registry.register(_Found([*shared, *self._own()]))
        ProcessCollector(registry=registry)
        return generate_latest(registry)

    def _own(self) -> Iterator[Metric]:
        core, meter = self._core, self._core.meter
        yield _gauge("sockets", "Socket.IO connections now", len(self._sockets.connections))
        yield _counter("socket_cuts", "Sessions that were cut or refused", "reason", self._sockets.count)
        asked: dict[tuple[str, ...], Timing] = {(name,): timing for name, timing in meter.acknowledged.items()}
        yield _histogram("acknowledgement_seconds", "From an event to its answer", ["event"], asked)
        yield _counter("events_sent", "Events that connections were sent", "event", meter.told)
        served: dict[tuple[str, ...], Timing] = {}
        for (method, resource, status), timing in meter.served.items():
            # With the slash and without it is the same row.
            route = "" if resource is None else resource.canonical.rstrip("/") or "/"
            whole = served.setdefault((method, route, str(status)), Timing())
            whole.counts = [ours + theirs for ours, theirs in zip(whole.counts, timing.counts, strict=True)]
            whole.seconds += timing.seconds
        yield _histogram("request_seconds", "From a request to its answer", ["method", "route", "status"], served)
        errors = CounterMetricFamily("skillnet_errors", "Refusals and failures", labels=["door", "code"])
        for labels, count in meter.errors.items():
            errors.add_metric(labels, count)
        yield errors
        yield _counter("rate_limited", "Requests that came too often", "operation", core.limiter.breaches)
        told = {str(recovered).lower(): meter.recoveries[recovered] for recovered in (True, False)}
        yield _counter("recoveries", "Connections that came back", "recovered", told)
        yield _histogram("loop_lag_seconds", "How late the event loop was", [], {(): meter.lag})
        yield _counter("outbox_rows", "Events on their way to Redis", "what", core.publisher.counts)
        yield _counter("feed_entries", "What Redis was given", "what", core.fanout.counts)

    async def _shared(self) -> list[Metric]:
        up = GaugeMetricFamily("skillnet_up", "Whether it answers", labels=["part"])
        up.add_metric(["redis"], self._core.fanout.healthy)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                found = [metric async for metric in self._kept()]
        except Exception as error:
            if not (is_unavailable(error) or isinstance(error, TimeoutError)):
                raise
            found = []
        up.add_metric(["database"], bool(found))
        return [up, *found]

    async def _kept(self) -> AsyncIterator[Metric]:
        backlog = await self._core.dispatch.survey(count_backlog)
        age = backlog.outbox_lag_seconds
        yield _gauge("outbox_lag_seconds", "Age of the oldest event that Redis does not have", age)
        jobs = GaugeMetricFamily("skillnet_jobs", "Jobs, counted up to ten thousand", labels=["state"])
        for state, count in backlog.jobs.items():
            jobs.add_metric([state], count)
        yield jobs
        late = GaugeMetricFamily(
            "skillnet_job_lag_seconds", "For how long the first job that is due has been so", labels=["queue"]
        )
        for queue, seconds in backlog.job_lag_seconds.items():
            late.add_metric([queue], seconds)
        yield late


def add_routes(app: web.Application, metrics: Metrics, token: str) -> None:
    """Add /metrics."""

    async def view(request: web.Request) -> web.Response:
        # To anybody else it does not exist.
        if not (_has(token, request) if token else asked_from_here(request)):
            raise web.HTTPNotFound
        return web.Response(body=await metrics.text(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    app.router.add_get("/metrics", view)


def _has(token: str, request: web.Request) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), token.encode())


class _Found(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"skillnet_{name}", says, value=value)


def _counter(name: str, says: str, label: str, counts: Mapping[str, int]) -> Metric:
    metric = CounterMetricFamily(f"skillnet_{name}", says, labels=[label])
    for key, count in counts.items():
        metric.add_metric([key], count)
    return metric


def _histogram(name: str, says: str, labels: list[str], timings: Mapping[tuple[str, ...], Timing]) -> Metric:
    metric = HistogramMetricFamily(f"skillnet_{name}", says, labels=labels)
    bounds = [*map(str, BOUNDS), "+Inf"]
    for key, timing in timings.items():
        metric.add_metric(key, list(zip(bounds, accumulate(timing.counts), strict=True)), timing.seconds)
    return metric
