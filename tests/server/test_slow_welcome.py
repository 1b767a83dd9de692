"""Who missed much: those who read it more slowly than new things come are bounded, and all others get it all."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from handlers.context import people
from server.config import Settings
from server.fanout import Fanout
from server.operation import HOUR, per_person
from server.protocol import TAKEN
from store.ids import new_id
from store.outbox import OutboxRow
from tests.people import WITHIN, Person, refused
from tests.processes import Servers
from tests.server.wire import frame, stalled

# Of what waits longer the engine takes its leave after ten.
SOON = 6.0


@pytest.fixture
async def fanout(servers: Servers, settings: Settings) -> AsyncIterator[Fanout]:
    fanout = Fanout(servers.redis_url, prefix=f"sn:{settings.mongodb_database}:")
    await fanout.start(lambda *_: None, lambda *_: None)
    yield fanout
    await fanout.stop()


def rows(audience: str, number: int, *, size: int) -> list[OutboxRow]:
    """Events that no use case sends, so that no client has to make sense of them."""
    return [
        OutboxRow(
            id=new_id(),
            audiences=[audience],
            type="filler",
            body=json.dumps({"id": str(n), "type": "filler", "data": "x" * size}),
            created_at=datetime.now(UTC),
        )
        for n in range(number)
    ]


async def test_who_takes_what_was_missed_too_slowly_is_cut_in_bounds(
    server: str, http: aiohttp.ClientSession, fanout: Fanout
) -> None:
    ada = await Person("ada", server, http).join()
    (audience,) = people(ada.id)
    await ada.connect()
    start = ada.since
    await ada.leave()
    await fanout.publish(rows(audience, 900, size=9000))

    reader, writer = await stalled(server)
    auth = {"token": ada.token, "since": start}
    writer.write(frame(f"40{json.dumps(auth)}".encode()))
    writer.transport.resume_reading()
    async with asyncio.timeout(SOON):
        await reader.readuntil(b'42["hello"')
    # What was missed has been read, then; from now on this is somebody who does not.
    writer.transport.pause_reading()
    writer.write(frame(b"3"))
    assert not writer.transport.is_closing(), "the size of what was missed is no fault of the reader"
    for _ in range(11):
        await fanout.publish(rows(audience, 100, size=10))

    async with asyncio.timeout(SOON):
        with pytest.raises(ConnectionResetError):
            while True:
                writer.write(frame(b"3"))
                await writer.drain()
                await asyncio.sleep(0.2)


@pytest.mark.parametrize("transport", ["polling", "websocket"])
async def test_what_was_missed_is_asked_for_in_parts_for_which_no_reader_is_cut(
    server: str, http: aiohttp.ClientSession, fanout: Fanout, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await Person("ada", server, http, [transport]).join()
    (audience,) = people(ada.id)
    await ada.connect()
    start = ada.since
    await ada.leave()
    await fanout.publish(rows(audience, 400, size=9000) + rows(audience, 300, size=10))
    await ada.connect()
    assert ada.socket is not None

    parts = []
    since, more = start, True
    while more:
        answer = await ada.socket.call("sync:since", since, timeout=WITHIN)
        part = answer["data"]
        assert part["recovered"]
        parts.append([event["seq"] for event in part["events"]])
        assert len(parts[-1]) <= 100
        assert len(json.dumps(part)) < 300_000
        since, more = {"epoch": part["epoch"], "seq": part["seq"]}, part["more"]

    assert [seq for part in parts for seq in part] == list(range(start["seq"] + 1, start["seq"] + 701))
    assert since == ada.since
    assert len(parts) < 25

    limits = (per_person(1, HOUR),)
    monkeypatch.setitem(TAKEN, "sync:since", TAKEN["sync:since"]._replace(limits=limits))
    assert await ada.asks("sync:since", since) == {**since, "recovered": True, "events": [], "more": False}
    with refused("rate_limited"):
        await ada.asks("sync:since", since)
