"""What hostile and slow clients may do to an engine: end themselves, and nothing else.

Every attack ends with no session left behind and a well-behaved client still served.
"""

import asyncio
import ipaddress
from datetime import timedelta

import aiohttp
import pytest

from tests.server.engine.conftest import Scene, Start, event, eventually, hear, is_cut
from tests.server.wire import frame, stalled

MALFORMED = [
    '42["connect",{"REMOTE_ADDR":"1.2.3.4"},{}]',
    '42["disconnect"]',
    '42["connect_error",{}]',
    "42[]",
    "42null",
    "42{}",
    "42[1]",
    '42["a",1,2,3]',
    "42",
    "43",
    "43[]",
    "44{}",
    '451-["a",{"_placeholder":true,"num":0}]',
    '459999999999-["a"]',
    "46",
    "4" + "[" * 60_000,
    '42["a",' + "[" * 5_000 + "]" * 5_000 + "]",
    '42["a",' + "9" * 60_000 + "]",
    '42["a",NaN]',
    "42" + "9" * 800 + '["a"]',
    '42/other,["a"]',
    "x" * 70_000,
]


async def served(scene: Scene) -> None:
    """A good client is served, and nobody else is left."""
    await eventually(lambda: not scene.server.eio.sockets)
    socket = await scene.join()
    await socket.send_str('421["good",1]')
    assert await hear(socket) == '431[{"ok": true, "data": 1}]'
    await socket.close()


@pytest.mark.parametrize("packet", MALFORMED, ids=range(len(MALFORMED)))
async def test_a_malformed_packet_ends_its_sender(scene: Scene, packet: str, caplog: pytest.LogCaptureFixture) -> None:
    socket = await scene.join()
    await socket.send_str(packet)

    assert await is_cut(socket)
    await eventually(lambda: len(scene.ear.ended) == 1)
    assert (scene.ear.heard, len(scene.ear.connected), caplog.records) == ([], 1, [])
    await served(scene)


async def test_binary_frames_are_refused(scene: Scene) -> None:
    socket = await scene.join()
    await socket.send_bytes(b"\x00" * 100)

    assert await is_cut(socket)
    await served(scene)


async def test_a_body_too_large_ends_its_session(scene: Scene) -> None:
    sid = await scene.open_polling()

    assert (await scene.post(sid, "4" * 65_537))[0] == 413
    await served(scene)


async def test_compression_is_not_spoken(scene: Scene) -> None:
    socket = await scene.http.ws_connect(f"{scene.path}?EIO=4&transport=websocket", compress=15)

    assert not socket.compress
    await socket.close()


async def test_who_never_connects_is_cut(start: Start) -> None:
    scene = await start(connect_deadline=timedelta(seconds=0.5))
    silent = [await scene.open() for _ in range(40)]
    for _ in range(40):
        await scene.open_polling()

    assert all([await is_cut(socket) for socket in silent])
    await eventually(lambda: scene.server.count["no_connect"] == 80)
    await served(scene)


async def test_a_flood_is_cut(scene: Scene) -> None:
    socket = await scene.join()
    for _ in range(300):
        await socket.send_str("3")

    assert await is_cut(socket)
    await served(scene)


async def test_events_run_one_at_a_time_in_order_and_only_so_many_wait(scene: Scene) -> None:
    scene.ear.gate.clear()
    socket = await scene.join()
    inbox = scene.ear.connected[0].inbox
    for number in range(150):
        await socket.send_str(f'42{number}["n",{number}]')
    await eventually(lambda: len(inbox) == 64)
    scene.ear.gate.set()
    most = 0
    for number in range(150):
        assert await hear(socket) == f'43{number}[{{"ok": true, "data": {number}}}]'
        most = max(most, len(inbox))

    assert [number for _, number in scene.ear.heard] == list(range(150))
    assert scene.ear.most_at_once == 1
    assert most <= 64


@pytest.mark.parametrize("transport", ["polling", "websocket"])
async def test_what_was_kept_while_offline_is_done_in_order_and_nobody_is_cut_for_it(
    start: Start, transport: str
) -> None:
    scene = await start()
    scene.ear.gate.clear()
    packets = [f'42{number}["n",{number}]' for number in range(120)]
    answers: list[str] = []
    if transport == "polling":
        sid = await scene.open_polling()
        await scene.post(sid, "40")
        await scene.poll(sid)
        assert await scene.post(sid, "\x1e".join(packets)) == (200, "ok")
        sending = asyncio.create_task(scene.post(sid, '3\x1e42120["n",120]'))
    else:
        socket = await scene.join()
        for packet in [*packets, "3", '42120["n",120]']:
            await socket.send_str(packet)
    (session,) = scene.server.eio.sockets.values()
    await eventually(lambda: session.room is not None)

    # Its pong is behind all that; it is asked again, so that it does not take us for gone, and is not cut meanwhile.
    for seconds in (25, 46, 51):
        scene.mind_in(seconds)
    assert not session.closed
    assert session.next_ping == scene.server.eio.now() + 25
    scene.ear.gate.set()
    while len(answers) < 121:
        heard = (await scene.poll(sid))[1].split("\x1e") if transport == "polling" else [await hear(socket)]
        answers += [text for text in heard if text != "2"]
    assert answers == [f'43{number}[{{"ok": true, "data": {number}}}]' for number in range(121)]
    if transport == "polling":
        assert await sending == (200, "ok")
    assert (session.pinged_at, scene.server.count) == (None, {})


async def test_room_for_more_is_there_again_when_a_client_leaves_the_namespace(scene: Scene) -> None:
    scene.ear.gate.clear()
    sid = await scene.open_polling()
    await scene.post(sid, "40")
    await scene.poll(sid)
    await scene.post(sid, "\x1e".join(['42["n"]'] * 70 + ["41"]))

    assert await scene.post(sid, "40") == (200, "ok")
    assert (await scene.poll(sid))[1].startswith("40")
    scene.ear.gate.set()


async def test_slow_consumers_are_bounded_and_cut_while_readers_hear_all(start: Start) -> None:
    scene = await start(stall=timedelta(seconds=1))
    writers = [(await stalled(scene.url))[1] for _ in range(50)]
    for writer in writers:
        writer.write(frame(b"40"))
    await eventually(lambda: len(scene.ear.connected) == 50)
    good = await scene.join()
    for connection in scene.ear.connected:
        scene.server.join(connection, "all")

    async def listen() -> list[str]:
        return [await hear(good) for _ in range(800)]

    hearing = asyncio.create_task(listen())
    most = 0
    for number in range(800):
        scene.server.audiences.broadcast("all", event("big", {"n": number, "fill": "x" * 10_000}))
        await asyncio.sleep(0.002)
        most = max([most, *(c.session.waiting_bytes for c in scene.ear.connected[:50])])
    heard = await hearing

    assert [f'"n": {number},' in text for number, text in enumerate(heard)] == [True] * 800
    assert most <= 1 << 20
    await eventually(lambda: len(scene.ear.ended) == 50, within=10)
    assert scene.server.count["slow"] == 50
    assert len(scene.server.connections) == 1
    for writer in writers:
        writer.transport.abort()


async def test_order_holds_from_polling_to_websocket(scene: Scene) -> None:
    sid = await scene.open_polling()
    await scene.post(sid, "40")
    await scene.poll(sid)
    connection = scene.ear.connected[0]
    scene.server.join(connection, "all")
    numbers = iter(range(1000))

    def tell() -> None:
        scene.server.audiences.broadcast("all", event("n", next(numbers)))
        connection.send(event("n", next(numbers)))

    tell()
    socket = await scene.dial(sid)
    await socket.send_str("2probe")
    assert await hear(socket) == "3probe"
    tell()
    polled = (await scene.poll(sid))[1].split("\x1e")
    tell()
    await socket.send_str("5")
    await eventually(lambda: connection.session.wire is not None)
    tell()

    heard = polled + [await hear(socket) for _ in range(8 - len(polled))]
    assert heard == [f'42["n",{number}]' for number in range(8)]


async def test_a_kick_says_a_last_word_and_closes_the_websocket(scene: Scene) -> None:
    socket = await scene.join()
    scene.ear.connected[0].kick(event("bye", 1))

    assert (await hear(socket), await hear(socket)) == ('42["bye",1]', "41")
    assert await is_cut(socket)
    await served(scene)


async def test_a_kick_closes_polling_even_if_nobody_polls(scene: Scene) -> None:
    sid = await scene.open_polling()
    await scene.post(sid, "40")
    await scene.poll(sid)
    scene.ear.connected[0].kick(event("bye", 1))
    assert await scene.poll(sid) == (200, '42["bye",1]\x1e41\x1e1')
    assert (await scene.poll(sid))[0] == 400

    sid = await scene.open_polling()
    await scene.post(sid, "40")
    await scene.poll(sid)
    scene.ear.connected[1].kick()
    await scene.post(sid, '42["late"]')
    await served(scene)
    assert ("late", None) not in scene.ear.heard


async def test_an_address_is_taken_from_trusted_proxies_only(start: Start) -> None:
    trusting = await start(trusted_proxies=(ipaddress.ip_network("127.0.0.0/8"),))
    plain = await start()
    for scene in (trusting, plain):
        await scene.join(**{"X-Forwarded-For": "6.6.6.6, 9.9.9.9"})

    assert trusting.ear.connected[0].address == "9.9.9.9"
    assert plain.ear.connected[0].address == "127.0.0.1"


async def test_so_many_connections_for_one_address(start: Start) -> None:
    scene = await start(connections_per_address=3)
    opened = [await scene.open() for _ in range(3)]
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await scene.open()
    await opened[0].close()
    await eventually(lambda: len(scene.server.eio.sockets) == 2)
    await scene.open()


async def test_so_many_connections_for_one_address_however_many_come_in_one_moment(start: Start) -> None:
    scene = await start(connections_per_address=3, newcomers_each_turn=1)
    came = await asyncio.gather(*(scene.open() for _ in range(20)), return_exceptions=True)
    refused = [one for one in came if isinstance(one, aiohttp.WSServerHandshakeError)]
    assert len(refused) == 17 and all(one.status == 403 for one in refused)
    assert len(scene.server.eio.sockets) == 3


@pytest.mark.parametrize(
    ("origin", "status"),
    [(None, 200), ("https://ours.example", 200), ("https://evil.example", 403), ("null", 403), ("", 403)],
)
async def test_origins(start: Start, origin: str | None, status: int) -> None:
    scene = await start(allowed_origins=("https://ours.example",))
    headers = {} if origin is None else {"Origin": origin}

    async with scene.http.get(scene.path, params={"EIO": "4", "transport": "polling"}, headers=headers) as response:
        assert response.status == status
        assert response.headers.get("Access-Control-Allow-Origin") == (origin if status == 200 else None)
