"""Traces: one of each thing that was asked, from whoever asked to everybody who heard; and nothing where unset."""

import asyncio
import subprocess
import sys
from datetime import timedelta

import aiohttp
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from server.config import Settings
from server.mail import DevelopmentOutbox
from tests.backstage import Backstage
from tests.collector import Collector, collecting, facts
from tests.conftest import serving
from tests.people import WITHIN, Person, key, refused
from tests.processes import ROOT, Servers

SAID = "what nobody else shall read"


async def test_what_happens_is_traced_from_who_asked_to_who_hears(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    collector = await played(settings, servers, http)
    a_message_is_one_trace_from_its_event_to_every_delivery(collector)
    requests_refusals_and_jobs_are_spans_too(collector)
    no_span_says_what_people_write(collector)


async def played(settings: Settings, servers: Servers, http: aiohttp.ClientSession) -> Collector:
    """What came of people on two processes that are traced, and of one on a third that is not."""
    async with collecting() as collector:
        traced = settings.model_copy(update={"otlp_url": collector.url})
        working = serving(traced, servers, mailer=DevelopmentOutbox())
        async with working as url, serving(traced, servers) as other, serving(settings, servers) as plain:
            ada, bob, eve = [
                await (await Person(name, at, http).join()).connect()
                for name, at in (("ada", url), ("bob", other), ("eve", plain))
            ]
            since = bob.since
            opened = {"participants": [bob.id, eve.id], "title": "All of us"}
            thread = (await Person("ada", plain, http, token=ada.token).rest("POST", "/messages/", opened))["id"]
            sent = {"thread_id": thread, "message_content": SAID, "client_id": key()}
            message = await ada.asks("message:send", sent)
            for person in (ada, bob, eve):
                assert (await person.hears("message:created"))["message"] == message
            await ada.rest("GET", f"/messages/{thread}/")
            with refused("not_found"):
                await ada.asks("thread:get", {"thread_id": "0" * 24})
            await ada.rest("PUT", "/auth/profile", {"privacy": {"leaderboard": False}})
            async with asyncio.timeout(WITHIN):
                while await Backstage(settings, servers).has_due(timedelta(0)):
                    await asyncio.sleep(0.05)
            await bob.leave()
            await bob.connect(since=since)
            # What clients hear, live and by replay, is as without traces.
            assert bob.hello["replayed"] >= 2
            heard = [envelope for person in (ada, bob, eve) for envelope in person.heard]
            assert len(heard) > 6
            assert not [envelope for envelope in heard if "traceparent" in envelope]
            for person in (ada, bob, eve):
                await person.leave()
    # Whoever ends has sent all it had.
    return collector


def one(spans: list[Span]) -> Span:
    assert len(spans) == 1, spans
    return spans[0]


def a_message_is_one_trace_from_its_event_to_every_delivery(collector: Collector) -> None:
    event = one(collector.named("event message:send"))
    assert event.parent_span_id == b""
    assert {"request_id", "connection_id", "user_id"} <= facts(event).keys()
    command = one(collector.below(event))
    assert command.name == "message:send"
    parts = [span.name for span in collector.below(command)]
    # Both traced processes delivered it, each once for each of the people there.
    assert parts.count("deliver") == 2
    assert parts.count("publish") == 1
    asked = {str(facts(span).get("db.collection.name")) for span in collector.below(command)}
    assert {"threads", "users"} & asked
    assert {span.trace_id for span in collector.below(command)} == {event.trace_id}
    assert collector.services == {"skillnet"}


def requests_refusals_and_jobs_are_spans_too(collector: Collector) -> None:
    request = one(collector.named("GET /api/v1/messages/{thread_id}"))
    assert facts(request)["http.response.status_code"] == 200
    assert facts(request)["user_id"] == facts(one(collector.named("event message:send")))["user_id"]
    assert one(collector.below(request)).name == "message:list"
    refusal = one(collector.named("event thread:get"))
    assert facts(refusal)["error.type"] == "not_found"
    job = one(collector.named("job StandAnew"))
    assert job.trace_id == one(collector.named("PUT /api/v1/auth/profile")).trace_id
    assert "users" in {str(facts(span).get("db.collection.name")) for span in collector.below(job)}


def no_span_says_what_people_write(collector: Collector) -> None:
    assert len(collector.spans) > 20
    for said in (SAID, "@example.org", "All of us"):
        assert not [span for span in collector.spans.values() if said in str(span)]


def test_unset_nothing_of_it_is_imported() -> None:
    # Redis's client takes what is there of OpenTelemetry's metrics by itself; traces are ours alone.
    look = (
        "import sys; from server.app import create_app; from server.config import Settings;"
        "from server.tracing import make_trace; make_trace(Settings());"
        "traced = ('server.otel', 'opentelemetry.sdk.trace', 'opentelemetry.exporter');"
        "sys.exit(any(name.startswith(traced) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", look], cwd=ROOT, check=False, timeout=60).returncode == 0
