"""`/metrics` says what really happened, and says it to those alone who run the server."""

import asyncio
import os
import signal
import time
from datetime import timedelta

import aiohttp
import pytest
from pydantic import SecretStr

from server.config import Settings
from tests.backstage import Backstage
from tests.conftest import serving
from tests.figures import figure, figures
from tests.people import WITHIN, Person, Refusal, key, refused
from tests.processes import Servers

TOKEN = "a token of those who run it"


async def test_what_happened_is_what_is_counted(ada: Person, bob: Person, http: aiohttp.ClientSession) -> None:
    thread = await ada.asks("thread:open", {"participants": [bob.id]})
    before = await figures(http, ada.url)

    for number in range(3):
        sent = {"thread_id": thread["id"], "message_content": str(number), "client_id": key()}
        await ada.asks("message:send", sent)
        await bob.hears("message:created")
    with refused("invalid"):
        await ada.asks("message:send", {"thread_id": thread["id"]})
    with refused("unknown_operation"):
        await ada.asks("make:believe", {})
    for path in ("/auth/profile", "/auth/profile/"):
        await ada.rest("GET", path)
    with refused("not_found"):
        await ada.rest("GET", f"/users/{'0' * 24}/")
    async with http.get(f"{ada.url}/no/{key()}") as nowhere:
        assert nowhere.status == 404
    since = bob.since
    await bob.leave()
    await bob.connect(since=since)
    assert bob.hello["recovered"]
    await bob.connect(since={"epoch": "of another time", "seq": 1})

    after = await figures(http, ada.url)

    def grew(name: str, **labels: str) -> float:
        return figure(after, name, **labels) - figure(before, name, **labels)

    assert grew("skillnet_acknowledgement_seconds_count", event="message:send") == 4
    assert grew("skillnet_acknowledgement_seconds_count", event="unknown") == 1
    assert grew("skillnet_acknowledgement_seconds_bucket", event="message:send", le="+Inf") == 4
    assert grew("skillnet_acknowledgement_seconds_sum", event="message:send") > 0
    # Both hear each message: its author has devices, too.
    assert grew("skillnet_events_sent_total", event="message:created") == 6
    assert grew("skillnet_errors_total", door="socket", code="invalid") == 1
    assert grew("skillnet_errors_total", door="socket", code="unknown_operation") == 1
    profile = {"method": "GET", "route": "/api/v1/auth/profile", "status": "200"}
    assert grew("skillnet_request_seconds_count", **profile) == 2
    assert grew("skillnet_request_seconds_count", route="/api/v1/users/{user_id}", status="404") == 1
    assert grew("skillnet_request_seconds_count", route="", status="404") == 1
    assert grew("skillnet_errors_total", door="rest", code="not_found") == 2
    assert grew("skillnet_recoveries_total", recovered="true") == 1
    assert grew("skillnet_recoveries_total", recovered="false") == 1
    assert figure(after, "skillnet_sockets") == 3
    assert figure(after, "skillnet_up", part="database") == figure(after, "skillnet_up", part="redis") == 1
    assert figure(after, "skillnet_loop_lag_seconds_count") > 0
    assert figure(after, "skillnet_outbox_lag_seconds") < 10  # 5 s on a quiet machine
    assert figure(after, "skillnet_jobs", state="waiting") > 0
    # No address that a client made up, and nobody's name, becomes a label.
    assert not [name for name in after if ada.id in name or "make:believe" in name or "/no/" in name]


async def test_who_asks_too_often_is_counted(ada: Person, http: aiohttp.ClientSession) -> None:
    codes: list[str | None] = []
    while "rate_limited" not in codes:
        with pytest.raises(Refusal) as caught:
            await ada.rest("POST", "/auth/login", {"email": ada.email, "password": "not hers at all"})
        codes.append(caught.value.code)
    assert len(codes) > 1
    found = await figures(http, ada.url)
    assert figure(found, "skillnet_rate_limited_total", operation="log_in") == 1
    assert figure(found, "skillnet_errors_total", door="rest", code="unauthenticated") == len(codes) - 1


@pytest.mark.parametrize("header", [{"X-Forwarded-For": "203.0.113.9"}, {"Host": "skillnet.example.org"}])
async def test_behind_a_proxy_nobody_reads_it(server: str, http: aiohttp.ClientSession, header: dict[str, str]) -> None:
    async with http.get(f"{server}/metrics", headers=header) as answer:
        assert answer.status == 404


async def test_a_token_opens_it_from_anywhere_and_nothing_else_does(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    closed = settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    async with serving(closed, servers) as url:
        assert figure(await figures(http, url, TOKEN), "skillnet_up", part="redis") == 1
        for token in ("", "wrong"):
            async with http.get(f"{url}/metrics", headers={"Authorization": f"Bearer {token}"}) as answer:
                assert answer.status == 404


async def test_what_is_late_or_away_is_told(
    settings: Settings, servers: Servers, ada: Person, bob: Person, http: aiohttp.ClientSession
) -> None:
    thread = await ada.asks("thread:open", {"participants": [bob.id]})
    await Backstage(settings, servers).late_job(timedelta(hours=1))
    before = await figures(http, ada.url)
    # The server runs in this very loop: it is late by what keeps us.
    time.sleep(0.7)
    redis = servers.pid("redis")
    os.kill(redis, signal.SIGSTOP)
    try:
        async with asyncio.timeout(WITHIN):
            while figure(await figures(http, ada.url), "skillnet_up", part="redis"):
                await asyncio.sleep(0.1)
        sent = {"thread_id": thread["id"], "message_content": "later", "client_id": key()}
        assert await ada.asks("message:send", sent)
        async with asyncio.timeout(WITHIN):
            while figure(late := await figures(http, ada.url), "skillnet_outbox_lag_seconds") < 1:
                await asyncio.sleep(0.1)
        assert bob.hears_nothing_of("message:created")
    finally:
        os.kill(redis, signal.SIGCONT)
    assert (await bob.hears("message:created"))["message"]["message_content"] == "later"
    async with ada.http.ws_connect(f"{ada.url}/socket.io/?EIO=4&transport=websocket") as stranger:
        await stranger.receive_str()
        await stranger.send_str("4not a packet")
        await stranger.receive()
    async with asyncio.timeout(WITHIN):
        while figure(after := await figures(http, ada.url), "skillnet_outbox_lag_seconds"):
            await asyncio.sleep(0.1)

    def grew(name: str, **labels: str) -> float:
        return figure(after, name, **labels) - figure(before, name, **labels)

    assert figure(late, "skillnet_job_lag_seconds", queue="work") >= 3600
    assert figure(late, "skillnet_jobs", state="waiting") == figure(before, "skillnet_jobs", state="waiting")
    slow = grew("skillnet_loop_lag_seconds_count") - grew("skillnet_loop_lag_seconds_bucket", le="0.25")
    assert slow >= 1
    # Redis was connected to anew, and had the event from the sweeper, once for each of the two.
    assert grew("skillnet_feed_entries_total", what="connected") == 1
    assert grew("skillnet_outbox_rows_total", what="swept") == 1
    assert grew("skillnet_feed_entries_total", what="published") == 2
    assert grew("skillnet_socket_cuts_total", reason="malformed") == 1
