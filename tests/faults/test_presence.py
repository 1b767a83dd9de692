"""Who is there, while processes die and Redis forgets: nobody flaps, and nobody stays for long who is gone."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import aiohttp
import pytest
from redis.asyncio import Redis

import background
from server.security import AccessTokens
from store import Database, Store
from store.ids import new_id
from store.sessions import Session
from store.users import User
from tests.faults.device import Device
from tests.faults.journal import Journal
from tests.faults.scene import DATABASE, SEED, Scene
from tests.faults.workers import SECRET
from tests.people import Person

pytestmark = [pytest.mark.faults, pytest.mark.soak, pytest.mark.xdist_group("faults")]

PEOPLE = 200
KNOWN = 5
# The guarantee's own figures, in seconds.
GONE = 45
REBUILT = 30
FLAP = 10


async def test_presence_outlives_processes_and_redis_but_not_people(scene: Scene) -> None:
    async with scene.web(2) as (theirs, ours), people(scene) as crowd, observer(ours.url, crowd) as watcher:
        registry = Redis.from_url(scene.servers.redis_url)

        async def until(present: int, *, within: float) -> float:
            start = time.monotonic()
            async with asyncio.timeout(within):
                while await registry.zcard(f"sn:{DATABASE}:present") != present:
                    await asyncio.sleep(0.05)
            return time.monotonic() - start

        def gone() -> set[str]:
            heard = [event["data"]["presence"] for event in watcher.heard if event.get("type") == "presence:changed"]
            return {presence["user_id"] for presence in heard if presence["status"] == "offline"}

        await crowd.be_at(theirs.url)
        await until(PEOPLE + 1, within=REBUILT)

        theirs.kill()
        start = time.monotonic()
        await crowd.be_at(ours.url)
        assert time.monotonic() - start < FLAP
        await asyncio.sleep(GONE)
        assert not gone()
        assert await until(PEOPLE + 1, within=1) < 1

        await registry.flushall()
        rebuilt = await until(PEOPLE + 1, within=REBUILT)
        await asyncio.sleep(REBUILT - rebuilt)
        assert not gone()

        await crowd.be_at(theirs.url)
        theirs.pause()
        silent = await until(1, within=GONE)
        await eventually(lambda: len(gone()) == KNOWN, within=5)
        theirs.resume()
        back = await until(PEOPLE + 1, within=REBUILT)

        watcher.heard.clear()
        await theirs.stop()
        dead = await until(1, within=GONE)
        await eventually(lambda: len(gone()) == KNOWN, within=5)
        await registry.aclose()
    print(f"rebuilt {rebuilt:.1f} s, gone when silent {silent:.1f} s, back {back:.1f} s, gone when dead {dead:.1f} s")


class Crowd:
    """People who are all on one process at a time."""

    def __init__(self, devices: list[Device], tokens: dict[str, str], at: list[str]) -> None:
        self.tokens = tokens
        self.ids = list(tokens)
        self._devices = devices
        self._at = at

    async def be_at(self, server: str) -> None:
        """Have everybody connect to this process."""
        self._at[:] = [server]
        for device in self._devices:
            device.cut()
            device.ready.clear()
        await asyncio.gather(*(asyncio.wait_for(device.ready.wait(), 20) for device in self._devices))


@asynccontextmanager
async def people(scene: Scene) -> AsyncIterator[Crowd]:
    """People who are signed in; put into the database as they are, since signing up so many would be refused."""
    tokens = AccessTokens(SECRET.encode(), lifetime=timedelta(hours=1))
    now = datetime.now(UTC)
    users = [_user(number, now) for number in range(PEOPLE)]
    sessions = [_session(user, now) for user in users]
    theirs = {
        user.id: tokens.issue(user_id=user.id, session_id=session.id, now=now).token
        for user, session in zip(users, sessions, strict=True)
    }
    database = Database(scene.servers.mongodb_url, DATABASE)
    store = Store(database)
    await asyncio.gather(*map(store.users.insert, users), *map(store.sessions.insert, sessions))
    await database.close()
    at: list[str] = []
    with closing(Journal(scene.folder / "presence.jsonl")) as journal:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            devices = [
                Device(
                    http,
                    journal,
                    name=user.name,
                    token=theirs[user.id],
                    threads=[],
                    servers=at,
                    chance=random.Random(SEED),
                )
                for user in users
            ]
            at.append("http://127.0.0.1:9")
            running = [asyncio.create_task(device.run()) for device in devices]
            try:
                yield Crowd(devices, theirs, at)
            finally:
                await background.end(*running)


@asynccontextmanager
async def observer(server: str, crowd: Crowd) -> AsyncIterator[Person]:
    """Somebody who shares conversations with a few of them."""
    async with aiohttp.ClientSession() as http:
        watcher = await (await Person("watcher", server, http).join()).connect()
        for user_id in crowd.ids[:KNOWN]:
            thread = await watcher.asks("thread:open", {"participants": [user_id]})
            known = Person("known", server, http, token=crowd.tokens[user_id])
            await known.rest("POST", f"/messages/{thread['id']}/accept/")
        yield watcher
        await watcher.leave()


async def eventually(holds: Callable[[], bool], *, within: float) -> None:
    async with asyncio.timeout(within):
        while not holds():
            await asyncio.sleep(0.05)


def _user(number: int, now: datetime) -> User:
    email = f"{uuid4().hex}@example.org"
    return User(
        id=new_id(),
        name=f"p{number}",
        email=email,
        email_key=email,
        password_hash="",
        created_at=now,
        updated_at=now,
    )


def _session(user: User, now: datetime) -> Session:
    return Session(
        id=new_id(),
        user_id=user.id,
        device="",
        address="",
        nonce=uuid4().hex,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=1),
    )
