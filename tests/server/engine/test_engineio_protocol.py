"""The published Engine.IO v4 protocol, rule by rule, on both transports.

Names and order follow the document; where it leaves a code open, the official server's is asked for.
"""

import asyncio
import json
from datetime import timedelta

import aiohttp
import pytest

from tests.server.engine.conftest import WITHIN, Scene, Start, eventually, hear, is_cut

OPENING = {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}


async def test_polling_opens_a_session(scene: Scene) -> None:
    status, text = await scene.get(EIO="4", transport="polling")

    opening = json.loads(text[1:])
    assert (status, text[0], set(opening)) == (200, "0", OPENING)
    assert (opening["upgrades"], opening["pingInterval"], opening["pingTimeout"]) == (["websocket"], 25000, 20000)
    assert opening["maxPayload"] == 65_536


async def test_websocket_opens_a_session(scene: Scene) -> None:
    opening = json.loads((await hear(await scene.dial()))[1:])

    assert set(opening) == OPENING
    assert opening["upgrades"] == []


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ({"transport": "polling"}, 5, "Unsupported protocol version"),
        ({"EIO": "abc", "transport": "polling"}, 5, "Unsupported protocol version"),
        ({"EIO": "4"}, 0, "Transport unknown"),
        ({"EIO": "4", "transport": "abc"}, 0, "Transport unknown"),
        ({"EIO": "4", "transport": "polling", "sid": "nobody"}, 1, "Session ID unknown"),
        ({"EIO": "4", "transport": "websocket"}, 3, "Bad request"),
    ],
)
async def test_a_wrong_request_is_told_why(scene: Scene, query: dict[str, str], code: int, message: str) -> None:
    status, text = await scene.get(**query)

    assert (status, json.loads(text)) == (400, {"code": code, "message": message})


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_handshake_is_a_get(scene: Scene, method: str) -> None:
    async with scene.http.request(method, scene.path, params={"EIO": "4", "transport": "polling"}) as response:
        assert (response.status, await response.json()) == (400, {"code": 2, "message": "Bad handshake method"})


@pytest.mark.parametrize("query", ["transport=websocket", "EIO=abc&transport=websocket", "EIO=4", "EIO=4&transport=x"])
async def test_a_wrong_websocket_is_refused(scene: Scene, query: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await scene.http.ws_connect(f"{scene.path}?{query}")
    assert refused.value.status == 400


async def test_a_payload_holds_several_packets(scene: Scene) -> None:
    sid = await scene.open_polling()

    assert await scene.post(sid, "40") == (200, "ok")
    assert (await scene.poll(sid))[1].startswith("40")
    assert await scene.post(sid, '421["a",1]\x1e422["a",2]\x1e423["a",3]') == (200, "ok")

    answers: list[str] = []
    while len(answers) < 3:
        answers += (await scene.poll(sid))[1].split("\x1e")
    assert answers == [f'43{n}[{{"ok": true, "data": {n}}}]' for n in (1, 2, 3)]


@pytest.mark.parametrize("body", ["abc", "", "bAQIDBA==", b"\xff\xfe", "4", "9"])
async def test_a_wrong_payload_closes_the_session(scene: Scene, body: str | bytes) -> None:
    sid = await scene.open_polling()

    assert (await scene.post(sid, body))[0] == 400
    assert (await scene.poll(sid))[0] == 400


async def test_a_second_poll_closes_the_session(scene: Scene) -> None:
    sid = await scene.open_polling()
    first = asyncio.create_task(scene.poll(sid))
    await eventually(lambda: scene.server.eio.sockets[sid].poll_waits is not None)

    assert (await scene.poll(sid))[0] == 400
    assert await first == (200, "1")
    assert (await scene.poll(sid))[0] == 400


@pytest.mark.parametrize("frame", ["abc", "", "4abc", "8", "2"])
async def test_a_wrong_frame_closes_the_websocket(scene: Scene, frame: str) -> None:
    socket = await scene.open()
    await socket.send_str(frame)

    assert await is_cut(socket)
    assert not scene.server.eio.sockets


async def test_the_server_pings_and_a_pong_keeps_the_websocket(start: Start) -> None:
    scene = await start(ping_interval=timedelta(seconds=0.3), ping_timeout=timedelta(seconds=2))
    socket = await scene.open()
    # For longer than it may keep silent.
    for _ in range(9):
        assert (await socket.receive(timeout=WITHIN)).data == "2"
        await socket.send_str("3")
    assert scene.server.eio.sockets


async def test_no_pong_closes_the_websocket(start: Start) -> None:
    scene = await start(ping_interval=timedelta(seconds=0.3), ping_timeout=timedelta(seconds=0.2))

    assert await is_cut(await scene.open())


async def test_pings_and_their_timeout_hold_on_polling_too(start: Start) -> None:
    scene = await start(ping_interval=timedelta(seconds=0.3), ping_timeout=timedelta(seconds=2))
    sid = await scene.open_polling()

    for _ in range(9):
        assert await scene.poll(sid) == (200, "2")
        assert await scene.post(sid, "3") == (200, "ok")
    assert await scene.poll(sid) == (200, "2")
    scene.mind_in(3)
    assert (await scene.poll(sid))[0] == 400


async def test_closing_ends_the_poll_with_a_noop(scene: Scene) -> None:
    sid = await scene.open_polling()
    waiting = asyncio.create_task(scene.poll(sid))
    await eventually(lambda: scene.server.eio.sockets[sid].poll_waits is not None)

    assert await scene.post(sid, "1") == (200, "ok")
    assert await waiting == (200, "6")
    assert (await scene.poll(sid))[0] == 400


async def test_closing_ends_the_websocket(scene: Scene) -> None:
    socket = await scene.open()
    await socket.send_str("1")

    assert await is_cut(socket)


async def upgraded(scene: Scene) -> tuple[str, aiohttp.ClientWebSocketResponse]:
    """A session that came from polling to WebSocket, connected to the namespace."""
    sid = await scene.open_polling()
    await scene.post(sid, "40")
    await scene.poll(sid)
    socket = await scene.dial(sid)
    await socket.send_str("2probe")
    assert await hear(socket) == "3probe"
    assert await scene.poll(sid) == (200, "6")
    await socket.send_str("5")
    return sid, socket


async def test_a_session_goes_over_to_websocket(scene: Scene) -> None:
    _, socket = await upgraded(scene)
    await socket.send_str('427["hello","there"]')

    assert await hear(socket) == '437[{"ok": true, "data": "there"}]'


async def test_an_upgraded_session_is_not_served_otherwise(scene: Scene) -> None:
    sid, socket = await upgraded(scene)
    await eventually(lambda: scene.server.eio.sockets[sid].upgraded)

    assert (await scene.poll(sid))[0] == 400
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await scene.dial(sid)
    await socket.send_str('428["hello","still"]')
    assert await hear(socket) == '438[{"ok": true, "data": "still"}]'


async def test_a_probe_that_goes_wrong_leaves_polling_alone(scene: Scene) -> None:
    sid = await scene.open_polling()
    socket = await scene.dial(sid)
    await socket.send_str("2wrong")

    assert await is_cut(socket)
    assert await scene.post(sid, "40") == (200, "ok")
    assert (await scene.poll(sid))[1].startswith("40")
