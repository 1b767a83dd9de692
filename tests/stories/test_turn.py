"""A real coturn as compose starts it: who may have relays, for how long, and where they lead."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from aioice import stun, turn
from pydantic import SecretStr

from server.config import Settings
from server.core import utc_now
from signaling.ice import IceServer, turn_server
from tests.calling import a_call, inside
from tests.faults.workers import free_port
from tests.media import MediaPeer, talk
from tests.people import Person
from tests.processes import ROOT

pytestmark = pytest.mark.system

SECRET = "a secret that SkillNet and coturn share"
INSIDE = ("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1")
INSIDE_6 = ("::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fc00::1", "fd12:3456::1", "fe80::1", "64:ff9b::a00:1")
HERE = ("127.0.0.1", "::1")
LOCAL = (
    "denied-peer-ip=127.",
    "denied-peer-ip=0.",
    "denied-peer-ip=10.",
    "denied-peer-ip=172.",
    "denied-peer-ip=192.168",
    "denied-peer-ip=::1",
)


def configuration(port: int, folder: Path, *, local: bool) -> str:
    """The project's, at this test's port and in its folder; `local` lets peers of this machine through."""
    text = (ROOT / "server/turnserver.conf").read_text()
    for given, ours in (
        ("listening-port=3478", f"listening-port={port}"),
        ("tls-listening-port=5349\n", "no-tls\nno-dtls\n"),
    ):
        assert given in text
        text = text.replace(given, ours, 1)
    own = "".join(f"listening-ip={address}\nrelay-ip={address}\n" for address in HERE)
    # Who comes by IPv6 has a relay there without asking for it, which the client here cannot.
    own += "allocation-default-address-family=keep\n"
    own += f"pidfile={folder}/pid\nuserdb={folder}/db\nlog-file=stdout\n"
    if local:
        text = "\n".join(line for line in text.splitlines() if not line.startswith(LOCAL))
        own += "allow-loopback-peers\n"
    return f"{text}\n{own}"


async def composed(configured: Path, log: int, **environment: str) -> asyncio.subprocess.Process:
    """What compose runs in its container, here; only where the configuration lies is another place."""
    service = yaml.safe_load((ROOT / "server/deployment/compose.yaml").read_text())["services"]["turn"]
    assert "../turnserver.conf:/etc/turnserver.conf:ro" in service["volumes"]
    command = [part.replace("$$", "$") for part in (*service["entrypoint"], *service["command"])]
    assert "/etc/turnserver.conf" in command[-1] and set(service["environment"]) == {"TURN_SECRET"}
    command[-1] = command[-1].replace("/etc/turnserver.conf", str(configured))
    folder = configured.parent
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(folder), **environment}
    return await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log, cwd=folder, env=environment)


@asynccontextmanager
async def coturn(folder: Path, port: int, *, local: bool) -> AsyncIterator[tuple[str, int]]:
    """A coturn that listens, as compose starts it; where."""
    assert shutil.which("turnserver"), "needs coturn; `make test` leaves this test out"
    (folder / "turnserver.conf").write_text(configuration(port, folder, local=local))
    with (folder / "log").open("wb") as log:
        process = await composed(folder / "turnserver.conf", log.fileno(), TURN_SECRET=SECRET)
        try:
            await listens(port, process, folder / "log")
            yield "127.0.0.1", port
        finally:
            process.kill()
            await process.wait()


async def listens(port: int, process: asyncio.subprocess.Process, log: Path) -> None:
    async with asyncio.timeout(20):
        while True:
            assert process.returncode is None, log.read_text()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def settings(settings: Settings, port: int) -> Settings:
    """Of a server that has this coturn."""
    urls = {"turn_urls": (f"turn:127.0.0.1:{port}",), "stun_urls": (f"stun:127.0.0.1:{port}",)}
    return settings.model_copy(update={**urls, "turn_secret": SecretStr(SECRET)})


class Sender(asyncio.DatagramProtocol):
    """What becomes of what is sent through a relay."""

    def __init__(self) -> None:
        self.error: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

    def error_received(self, error: Exception) -> None:
        if not self.error.done():
            self.error.set_result(error)


@asynccontextmanager
async def relay(where: tuple[str, int], given: IceServer) -> AsyncIterator[tuple[turn.TurnTransport, Sender]]:
    transport, sender = await turn.create_turn_endpoint(Sender, where, given.username, given.credential)
    try:
        yield transport, sender
    finally:
        await transport._close()


async def code(failed: BaseException) -> int:
    assert isinstance(failed, stun.TransactionFailed), failed
    found: int = failed.response.error_code
    return found


async def test_peers_of_a_call_reach_each_other_by_relays_alone(
    ada: Person, bob_elsewhere: Person, port: int, tmp_path: Path
) -> None:
    async with coturn(tmp_path, port, local=True):
        call = await a_call(ada, bob_elsewhere)
        hers = await MediaPeer.join(ada, call, relayed=True)
        his = await MediaPeer.join(bob_elsewhere, call, relayed=True)
        try:
            for one, other in ((hers, his), (his, hers)):
                one.meet(other)
            await hers.offer()
            await talk(hers, his)
            assert set(hers.candidates()) == set(his.candidates()) == {"relay"}
        finally:
            await asyncio.gather(hers.close(), his.close())


async def test_what_a_peer_is_given_is_its_own_and_soon_worth_nothing(
    ada: Person, bob: Person, eve: Person, port: int, tmp_path: Path
) -> None:
    call = await a_call(ada, bob)
    hers, his = await inside(ada, call), await inside(bob, call)
    (_, given), (_, other) = hers["ice"]["ice_servers"], his["ice"]["ice_servers"]
    until, peer = given["username"].split(":")
    assert peer == hers["peer_id"] and given["credential"] != other["credential"]
    assert timedelta(minutes=9) < datetime.fromisoformat(hers["ice"]["expires_at"]) - utc_now() <= timedelta(minutes=10)
    assert int(until) == datetime.fromisoformat(hers["ice"]["expires_at"]).timestamp()
    fresh = await ada.asks("call:ice", {"session_id": call["session_id"]})
    assert fresh["ice_servers"][1]["username"].endswith(peer)

    async with coturn(tmp_path, port, local=False) as where:
        async with relay(where, IceServer(**given)) as (transport, _):
            assert transport.get_extra_info("sockname")[0] == "127.0.0.1"
        expired = turn_server((), SECRET.encode(), peer, until=utc_now() - timedelta(seconds=1))
        forged = turn_server((), b"another secret", peer, until=utc_now() + timedelta(minutes=9))
        borrowed = IceServer(urls=(), username=other["username"], credential=given["credential"])
        longer = IceServer(urls=(), username=f"{int(until) + 3600}:{peer}", credential=given["credential"])
        # What stands in files that everybody can read, and what is there where nothing was set.
        known = [
            turn_server((), secret, peer, until=utc_now() + timedelta(minutes=9))
            for secret in (b"TURN_SECRET", b"${TURN_SECRET:-}", b"")
        ]
        for wrong in (expired, forged, borrowed, longer, *known):
            with pytest.raises(stun.TransactionFailed) as refused:
                async with relay(where, wrong):
                    pass
            assert await code(refused.value) == 401


@pytest.mark.parametrize("environment", [{}, {"TURN_SECRET": ""}], ids=["unset", "empty"])
async def test_no_relay_starts_without_its_secret(environment: dict[str, str], port: int, tmp_path: Path) -> None:
    (tmp_path / "turnserver.conf").write_text(configuration(port, tmp_path, local=False))
    with (tmp_path / "log").open("wb") as log:
        process = await composed(tmp_path / "turnserver.conf", log.fileno(), **environment)
        try:
            assert await asyncio.wait_for(process.wait(), 20) != 0
        finally:
            if process.returncode is None:
                process.kill()
    assert "TURN_SECRET" in (tmp_path / "log").read_text()


@pytest.mark.parametrize(("here", "inside"), [("127.0.0.1", INSIDE), ("::1", INSIDE_6)], ids=["IPv4", "IPv6"])
async def test_no_relay_leads_into_a_network_of_the_relays(
    here: str, inside: tuple[str, ...], port: int, tmp_path: Path
) -> None:
    given = turn_server((), SECRET.encode(), "peer", until=utc_now() + timedelta(minutes=9))
    async with coturn(tmp_path, port, local=False):
        for address in inside:
            async with relay((here, port), given) as (transport, sender):
                transport.sendto(b"hello", (address, 9))
                async with asyncio.timeout(20):
                    assert (address, await code(await sender.error)) == (address, 403)


@pytest.mark.parametrize("here", HERE)
async def test_a_relay_leads_to_who_is_outside(here: str, port: int, tmp_path: Path) -> None:
    """So that it is the address that was refused above."""
    given = turn_server((), SECRET.encode(), "peer", until=utc_now() + timedelta(minutes=9))
    async with coturn(tmp_path, port, local=True), relay((here, port), given) as (transport, sender):
        loop = asyncio.get_running_loop()
        got: asyncio.Future[bytes] = loop.create_future()

        class Outside(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, _: object) -> None:
                got.set_result(data)

        end, _ = await loop.create_datagram_endpoint(Outside, local_addr=(here, 0))
        transport.sendto(b"hello", end.get_extra_info("sockname")[:2])
        async with asyncio.timeout(20):
            assert await got == b"hello"
        end.close()
        assert not sender.error.done()
