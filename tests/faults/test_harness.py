"""The tools of the fault tests do what they say: else a guarantee could pass because nothing happened."""

import asyncio
import itertools
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient

from tests.faults.doorbells import DoorbellThief, value_end
from tests.faults.faultproxy import Blackhole, Delay, EatReply, Mode, Pass, Refuse, Throttle, proxied
from tests.faults.journal import Journal
from tests.faults.oracle import judge


class Echo:
    """A server that answers each line with itself, and counts what it heard."""

    def __init__(self) -> None:
        self.heard = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                self.heard += 1
                writer.write(line)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def echo() -> AsyncIterator[tuple[Echo, int]]:
    ear = Echo()
    async with await asyncio.start_server(ear, "127.0.0.1", 0) as server:
        yield ear, server.sockets[0].getsockname()[1]


async def ask(port: int, word: bytes, *, patience: float = 5.0) -> bytes:
    """One line there and back; empty if the connection ends instead."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(word + b"\n")
        return await asyncio.wait_for(reader.readline(), patience)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_it_passes_and_can_be_slow() -> None:
    async with echo() as (_, target), proxied(target) as (proxy, port):
        assert await ask(port, b"hello") == b"hello\n"
        for mode in (Delay(0.1), Throttle(60)):
            proxy.mode = mode
            start = time.monotonic()
            assert await ask(port, b"hello") == b"hello\n"
            assert time.monotonic() - start >= 0.19


async def test_a_black_hole_holds_everything_until_it_ends() -> None:
    async with echo() as (ear, target), proxied(target) as (proxy, port):
        proxy.mode = Blackhole()
        asked = asyncio.create_task(ask(port, b"hello"))
        await asyncio.sleep(0.3)
        assert not asked.done()
        assert ear.heard == 0
        proxy.mode = Pass()
        assert await asked == b"hello\n"


async def test_it_refuses_new_connections_and_cuts_old_ones() -> None:
    async with echo() as (_, target), proxied(target) as (proxy, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"one\n")
        assert await reader.readline() == b"one\n"
        proxy.mode = Refuse()
        assert await ask(port, b"hello") == b""
        writer.write(b"two\n")
        assert await reader.readline() == b"two\n"
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            await reader.readline()
        writer.close()


async def test_an_eaten_reply_was_asked_and_done() -> None:
    async with echo() as (ear, target), proxied(target) as (proxy, port):
        mode: Mode = EatReply(b"commit", 1.0, random.Random(1))
        proxy.mode = mode
        assert await ask(port, b"find") == b"find\n"
        assert await ask(port, b"commit") == b""
        assert (ear.heard, proxy.eaten) == (2, 1)


PUSHED = b"*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$5\r\nh\r\nlo\r\n"
PUSHED_3 = b">3\r\n$8\r\nsmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n"
OTHERS = (
    b"+PONG\r\n",
    b":12\r\n",
    b"$-1\r\n",
    b"*-1\r\n",
    b"_\r\n",
    b"*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n",
    b"%1\r\n$1\r\na\r\n*2\r\n:1\r\n$2\r\nxy\r\n",
    b"$0\r\n\r\n",
)


@pytest.mark.parametrize("value", [PUSHED, PUSHED_3, *OTHERS])
def test_a_value_ends_where_it_ends(value: bytes) -> None:
    assert value_end(value + b"+more\r\n", 0) == len(value)
    for length in range(len(value)):
        assert value_end(value[:length], 0) is None


def test_the_thief_takes_every_nth_doorbell_and_nothing_else() -> None:
    stolen: list[bytes] = []
    counter = itertools.count()
    thief = DoorbellThief(3, counter, stolen)
    stream = b"".join(value + PUSHED + PUSHED_3 for value in OTHERS)

    kept = b"".join(thief(stream[at : at + 5]) for at in range(0, len(stream), 5))

    assert len(stolen) == len(OTHERS) * 2 // 3
    assert len(kept) + sum(map(len, stolen)) == len(stream)
    for value in OTHERS:
        assert value in kept


async def test_the_oracle_sees_each_kind_of_wrong(mongodb_url: str, database_name: str, tmp_path: Path) -> None:
    rows = [
        {"_id": "a", "thread_id": "t", "seq": 1, "client_id": "c1"},
        {"_id": "b", "thread_id": "t", "seq": 3, "client_id": "c1"},
    ]
    async with AsyncMongoClient[dict[str, object]](mongodb_url) as client:
        await client[database_name]["messages"].insert_many(rows)
    journal = Journal(tmp_path / "journal")
    acked = {"device": "d", "thread": "t", "duplicate": False, "attempts": 1, "took": 0.1, "in_all": 0.1}
    journal.note("device", device="d", threads=["t"])
    journal.note("acked", client_id="c2", id="x", seq=2, **acked)
    journal.note("acked", client_id="c1", id="z", seq=9, **acked)
    for id_, seq in (("b", 3), ("y", 2)):
        journal.note("received", device="d", thread="t", seq=seq, id=id_, how="live")
    journal.note("failed", code="internal", took=0.1)
    journal.close()

    verdict = await judge(tmp_path / "journal", mongodb_url=mongodb_url, database=database_name)

    assert (verdict.lost, verdict.doubled, verdict.gaps) == (["c2"], ["c1"], ["t"])
    for found in (verdict.changed, verdict.disordered, verdict.missed, verdict.invented, verdict.refused):
        assert len(found) == 1
    with pytest.raises(AssertionError, match="lost"):
        verdict.require_nothing_lost()
    assert json.loads((tmp_path / "journal").read_text().split("\n")[0])["kind"] == "device"
