"""How sessions on polling end, and WebSockets that never came to be: who is gone is seen, and who is left is told."""

import asyncio
from datetime import UTC, datetime

import pytest

from handlers.context import Actor, Caller
from server.draining import drain
from server.engine import Connection
from server.seats import Seat
from tests.server.engine.conftest import Scene, event, eventually, hear

# What aiohttp refuses a WebSocket for: it has no key.
HALF = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}


async def polling(scene: Scene) -> tuple[str, Connection]:
    """Somebody on polling who is connected to the namespace."""
    sid = await scene.open_polling()
    await scene.post(sid, "40")
    await scene.poll(sid)
    return sid, scene.ear.connected[-1]


async def half_a_websocket(scene: Scene, **query: str) -> int:
    """Ask for a WebSocket in a way that is refused; the status."""
    asked = {"EIO": "4", "transport": "websocket", **query}
    async with scene.http.get(scene.path, params=asked, headers=HALF) as response:
        return response.status


async def test_an_upgrade_whose_handshake_is_refused_leaves_polling_as_it_was(scene: Scene) -> None:
    sid, _ = await polling(scene)
    assert await half_a_websocket(scene, sid=sid) == 400

    waiting = asyncio.create_task(scene.poll(sid))
    await eventually(lambda: scene.server.eio.sockets[sid].poll_waits is not None)
    socket = await scene.dial(sid)
    await socket.send_str("2probe")
    assert await hear(socket) == "3probe"
    assert await waiting == (200, "6")
    await socket.send_str("5")
    await socket.send_str('421["over"]')
    assert await hear(socket) == '431[{"ok": true, "data": null}]'


async def test_a_poll_waits_until_the_websocket_was_probed(scene: Scene) -> None:
    sid, connection = await polling(scene)
    socket = await scene.dial(sid)
    waiting = asyncio.create_task(scene.poll(sid))
    await eventually(lambda: connection.session.poll_waits is not None)

    await socket.send_str("2probe")
    assert await hear(socket) == "3probe"
    assert await waiting == await scene.poll(sid) == (200, "6")


async def test_a_handshake_that_is_refused_leaves_no_session(scene: Scene) -> None:
    assert await half_a_websocket(scene) == 400
    assert not scene.server.eio.sockets
    assert not scene.server.eio.addresses


async def test_who_is_gone_while_polling_is_seen_to_be_gone(scene: Scene) -> None:
    sid, connection = await polling(scene)
    waiting = asyncio.create_task(scene.poll(sid))
    await eventually(lambda: connection.session.poll_waits is not None)
    scene.server.eio.mind()
    assert not connection.session.closed
    waiting.cancel()

    await eventually(lambda: scene.ear.ended == [(connection, "transport close")])
    assert not scene.server.eio.sockets


async def test_nothing_more_is_done_of_who_is_put_out(scene: Scene) -> None:
    scene.ear.gate.clear()
    sid, connection = await polling(scene)
    await scene.post(sid, '421["begun"]\x1e422["not begun"]')
    await eventually(lambda: scene.ear.at_once == 1)
    connection.kick(event("bye", 1))
    scene.ear.gate.set()
    await eventually(lambda: connection.pump is None)

    assert scene.ear.heard == [("begun", None)]
    assert await scene.poll(sid) == (200, '42["bye",1]\x1e41\x1e1')
    assert connection.session.closed


@pytest.mark.parametrize("ends", ["drain", "close"])
async def test_who_polls_fetches_the_last_before_the_end(scene: Scene, ends: str) -> None:
    sid, connection = await polling(scene)
    actor = Actor("u", "s", datetime.max.replace(tzinfo=UTC))
    connection.state = Seat(actor, Caller(""), "person:u")
    connection.send(event("last", 1))
    ending = asyncio.create_task(drain(scene.server) if ends == "drain" else scene.server.close())
    await eventually(lambda: connection.session.finishing)

    assert not ending.done()
    assert await scene.poll(sid) == (200, '42["last",1]\x1e1')
    await ending
    assert [one for one, _ in scene.ear.ended] == [connection]


async def test_who_polls_no_more_is_not_waited_for(scene: Scene) -> None:
    _, connection = await polling(scene)

    await scene.server.close()

    assert scene.ear.ended == [(connection, "server disconnect")]
