"""The published Socket.IO v5 protocol, rule by rule, and the official Python client on both transports.

Binary packets and further namespaces are not served: their refusals are part of the contract.
"""

import asyncio
import json

import pytest
import socketio

from tests.server.engine.conftest import Scene, event, eventually, hear, is_cut


@pytest.mark.parametrize("packet", ["40", "40{}", '40{"token":"123"}'])
async def test_a_client_connects(scene: Scene, packet: str) -> None:
    socket = await scene.open()
    await socket.send_str(packet)

    answer = await hear(socket)
    assert answer.startswith("40")
    assert list(json.loads(answer[2:])) == ["sid"]
    assert json.loads(answer[2:])["sid"] in scene.server.connections


@pytest.mark.parametrize("packet", ["40/random", "40/random,", '40/random,{"a":1}'])
async def test_an_unknown_namespace_is_refused(scene: Scene, packet: str) -> None:
    socket = await scene.open()
    await socket.send_str(packet)

    head, _, body = (await hear(socket)).partition(",")
    assert (head, json.loads(body)) == ("44/random", {"message": "Invalid namespace"})


async def test_a_refusal_says_why_and_leaves_the_transport(scene: Scene) -> None:
    socket = await scene.open()
    await socket.send_str('40{"refuse":true}')
    answer = await hear(socket)
    assert answer.startswith("44")
    assert json.loads(answer[2:]) == {
        "message": "Not you.",
        "data": {"code": "unauthenticated", "message": "Not you."},
    }

    await socket.send_str("40")
    assert (await hear(socket)).startswith("40")
    assert not scene.ear.ended


async def test_a_crash_at_connect_says_internal(scene: Scene) -> None:
    socket = await scene.open()
    await socket.send_str('40{"crash":true}')

    answer = await hear(socket)
    assert answer.startswith("44")
    assert json.loads(answer[2:])["data"]["code"] == "internal"


@pytest.mark.parametrize("packet", ["40[]", '40"a"', "4abc", '42["early"]', "40{", "41"])
async def test_a_wrong_first_packet_is_cut(scene: Scene, packet: str) -> None:
    socket = await scene.open()
    await socket.send_str(packet)

    assert await is_cut(socket)
    assert not scene.ear.connected


async def test_a_second_connect_is_cut(scene: Scene) -> None:
    socket = await scene.join()
    await socket.send_str("40")

    assert await is_cut(socket)
    await eventually(lambda: len(scene.ear.ended) == 1)


async def test_a_client_leaves_the_namespace_and_comes_back(scene: Scene) -> None:
    socket = await scene.join()
    await socket.send_str("41")
    await eventually(lambda: len(scene.ear.ended) == 1)

    await socket.send_str("40")
    assert (await hear(socket)).startswith("40")
    assert len(scene.server.connections) == 1


async def test_leaving_while_being_admitted_ends_once(scene: Scene) -> None:
    socket = await scene.open()
    await socket.send_str('40{"slow":true}')
    await socket.send_str("41")
    await eventually(lambda: len(scene.ear.ended) == 1)
    await socket.send_str("40")

    assert (await hear(socket)).startswith("40")
    assert (len(scene.ear.connected), len(scene.ear.ended)) == (2, 1)


async def test_an_event_with_an_id_is_acknowledged(scene: Scene) -> None:
    socket = await scene.join()
    await socket.send_str('42["plain",1]')
    await socket.send_str('42456["message",{"3":[true]}]')
    await socket.send_str('420["zero"]')

    assert await hear(socket) == '43456[{"ok": true, "data": {"3": [true]}}]'
    assert await hear(socket) == '430[{"ok": true, "data": null}]'
    assert [name for name, _ in scene.ear.heard] == ["plain", "message", "zero"]


async def test_a_crash_is_acknowledged_too(scene: Scene) -> None:
    socket = await scene.join()
    await socket.send_str('421["crash"]')

    answer = json.loads((await hear(socket))[3:])[0]
    assert (answer["ok"], answer["error"]["code"]) == (False, "internal")


@pytest.mark.parametrize("transports", [["polling"], ["websocket"], ["polling", "websocket"]])
async def test_the_official_client_is_served(scene: Scene, transports: list[str]) -> None:
    client = socketio.AsyncClient(reconnection=False)
    heard: list[int] = []
    client.on("told", heard.append)
    await client.connect(scene.url, transports=transports, auth={"token": "t"})
    scene.server.join(scene.ear.connected[0], "all")

    for number in range(20):
        scene.server.audiences.broadcast("all", event("told", number))
        assert await client.call("ask", {"n": number}) == {"ok": True, "data": {"n": number}}
    await eventually(lambda: heard == list(range(20)))
    await client.disconnect()
    await eventually(lambda: len(scene.ear.ended) == 1)


async def test_a_connection_closed_beneath_a_broadcast_keeps_it_from_nobody_else(scene: Scene) -> None:
    sockets = [await scene.join() for _ in range(3)]
    for connection in scene.ear.connected:
        scene.server.join(connection, "all")
    gone = scene.ear.connected[0]
    assert gone.session.wire is not None
    gone.session.wire.abort()
    # The loop closes it in this turn, and its reader hears of it in the next.
    await asyncio.sleep(0)

    scene.server.audiences.broadcast("all", event("told", 1))
    scene.server.audiences.flush()
    gone.send(event("told", 2))

    assert [await hear(socket) for socket in sockets[1:]] == ['42["told",1]'] * 2
    await eventually(lambda: [connection for connection, _ in scene.ear.ended] == [gone])


async def test_a_member_who_goes_over_to_websocket_hears_on(scene: Scene) -> None:
    sid = await scene.open_polling()
    await scene.post(sid, "40")
    await scene.poll(sid)
    scene.server.join(scene.ear.connected[0], "all")
    told = []
    for number in range(3):
        scene.server.audiences.broadcast("all", event("told", number))
        await asyncio.sleep(0)
        if number == 0:
            told.append((await scene.poll(sid))[1])
            socket = await scene.dial(sid)
            await socket.send_str("2probe")
            assert await hear(socket) == "3probe"
        if number == 1:
            await socket.send_str("5")
            await eventually(lambda: scene.server.eio.sockets[sid].upgraded)

    told += [await hear(socket) for _ in range(2)]
    assert told == [f'42["told",{number}]' for number in range(3)]


async def test_the_official_client_hears_a_refusal(scene: Scene) -> None:
    client = socketio.AsyncClient(reconnection=False)
    refusals: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    client.on("connect_error", refusals.put)

    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(scene.url, transports=["websocket"], auth={"refuse": True})
    assert (await refusals.get())["data"] == {"code": "unauthenticated", "message": "Not you."}
    await client.disconnect()
