"""A database that steps down or shuts down at any write of any operation: done once, or refused and nothing of it done.

What an operation does, and by how many writes, is learnt by running it undisturbed; under each fault it must come to
exactly that.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent
from redis.asyncio import Redis

from server.api import OPERATIONS
from server.config import Settings
from server.operation import Operation
from store.notification_marks import NotificationMarks
from tests.asks import Asking, asking
from tests.people import Person, once
from tests.processes import Servers

pytestmark = pytest.mark.faults

Rows = dict[str, dict[str, Any]]
Effect = Counter[tuple[str, str]]
People = tuple[Person, Person, Person]

WRITES = ("insert", "update", "findAndModify", "delete", "bulkWrite", "commitTransaction")
FAULTS: dict[str, dict[str, Any]] = {
    "WriteConflict": {"errorCode": 112},
    "NotWritablePrimary": {"errorCode": 10107},
    "ShutdownInProgress": {"errorCode": 91},
    "InterruptedDueToReplStateChange": {"errorCode": 11602},
    "WriteConcernError": {"writeConcernError": {"code": 91, "errmsg": "Replication is being shut down"}},
}
WRITING = [row for row in OPERATIONS if row.is_command and not row.is_outward]
SOON = 30.0


@dataclass(frozen=True)
class Failure:
    """One kind of write, which of them in their order, and how it fails."""

    write: str
    number: int
    fault: dict[str, Any]


class Writes(CommandListener):
    """Counts the writes of this process's servers, and knows into which collections they went."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.touched: set[str] = set()
        self.failed_count = 0

    def started(self, event: CommandStartedEvent) -> None:
        name, command = event.command_name, event.command
        if name in WRITES:
            self.counts[name] += 1
            spaces = [info["ns"].partition(".")[2] for info in command.get("nsInfo", ())]
            self.touched.update(spaces or [command[name]] if name != "commitTransaction" else ())

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self.failed_count += "writeConcernError" in event.reply

    def failed(self, event: CommandFailedEvent) -> None:
        self.failed_count += event.command_name in WRITES


class Witness:
    """Sees what is kept and what was told, and arms the database's failpoints."""

    def __init__(
        self, client: AsyncMongoClient[dict[str, Any]], redis: Redis, database: str, people: People, writes: Writes
    ):
        self._client = client
        self._redis = redis
        self._rows = client[database]
        self._name = database
        self._people = people
        self.writes = writes
        self._known: dict[str, Rows] = {}
        self._kept: dict[str, Rows] = {}
        self._heard: list[dict[str, Any]] = []

    async def begin(self) -> None:
        """Take what there is now as the beginning, and have nobody refused for asking often."""
        limits = [name async for name in self._redis.scan_iter(f"*{self._name}:limit*")]
        if limits:
            await self._redis.delete(*limits)
        await self.settled()
        self._kept = await self._everything()
        self._heard = [(await _missed(person, person.since))[1] for person in self._people]
        self.writes.counts.clear()

    async def effect(self) -> Effect:
        """What changed since: documents made and gone, fields changed, events told."""
        await self.settled()
        found: Effect = Counter()
        after = await self._everything()
        for name in self._kept.keys() | after.keys():
            found += _difference(name, self._kept.get(name, {}), after.get(name, {}))
        for person, heard in zip(self._people, self._heard, strict=True):
            events, _ = await _missed(person, heard)
            # What has no order of its own may be told again under the same id.
            types = {event["id"]: event["type"] for event in events}
            found.update((person.name, type_) for type_ in types.values())
        return found

    async def arm(self, failure: Failure) -> None:
        data = {"failCommands": [failure.write], **failure.fault}
        mode = {"skip": failure.number, "times": 1}
        await self._client.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})

    async def disarm(self) -> None:
        await self._client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})

    async def settled(self) -> None:
        async with asyncio.timeout(SOON):
            while await self._rows["outbox"].find_one({}) is not None:
                await asyncio.sleep(0.01)

    async def _everything(self) -> dict[str, Rows]:
        """All that is kept. What nobody has written to since it was last read is not read again."""
        names, self.writes.touched = self.writes.touched, set()
        for name in names - {"processes", "outbox"}:
            self._known[name] = {row["_id"]: row async for row in self._rows[name].find({})}
        return dict(self._known)


async def _missed(person: Person, since: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """All that somebody missed, asked for part by part, and where they are then."""
    events: list[dict[str, Any]] = []
    more = True
    while more:
        part = await person.asks("sync:since", since)
        assert part["recovered"]
        events += part["events"]
        since, more = {"epoch": part["epoch"], "seq": part["seq"]}, part["more"]
    return events, since


def _difference(name: str, before: Rows, after: Rows) -> Effect:
    found: Effect = Counter()
    found[name, "made"] = len(after.keys() - before.keys())
    found[name, "gone"] = len(before.keys() - after.keys())
    for id_ in before.keys() & after.keys():
        one, other = before[id_], after[id_]
        found.update((name, field) for field in one.keys() | other.keys() if one.get(field) != other.get(field))
    return +found


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that writes nothing of itself, which would now and then be what fails."""
    monkeypatch.setattr("store.lifeline.BEAT_SECONDS", 600.0)


@pytest.fixture(autouse=True)
def writes(monkeypatch: pytest.MonkeyPatch) -> Writes:
    """What every server that is started from here on writes."""
    found = Writes()
    listening = partial(AsyncMongoClient, event_listeners=[found])
    monkeypatch.setattr("store.database.AsyncMongoClient", listening)
    return found


@pytest.fixture
async def witness(settings: Settings, servers: Servers, people: People, writes: Writes) -> AsyncIterator[Witness]:
    async with (
        AsyncMongoClient[dict[str, Any]](servers.mongodb_url, tz_aware=True) as client,
        Redis.from_url(servers.redis_url, decode_responses=True) as redis,
    ):
        # Whoever is notified for the first time has more written than ever after.
        marks = [NotificationMarks(id=person.id, user_id=person.id).row() for person in people]
        await client[settings.mongodb_database].notification_marks.insert_many(marks)
        writes.touched.add("notification_marks")
        witness = Witness(client, redis, settings.mongodb_database, people, writes)
        yield witness
        await witness.disarm()


@pytest.mark.parametrize("row", WRITING, ids=lambda row: row.name)
async def test_each_write_may_fail_once(row: Operation, witness: Witness, people: People) -> None:
    """One of each kind of write, in one way; another one in another way for the next: all operations meet all."""
    place = WRITING.index(row)
    turn = itertools.cycle(FAULTS)
    for _ in range(place % len(FAULTS)):
        next(turn)
    await fail_at_each_write(row, witness, people, lambda: [next(turn)], lambda count: [place % count])


@pytest.mark.soak
@pytest.mark.parametrize("row", WRITING, ids=lambda row: row.name)
async def test_each_write_may_fail_in_every_way(row: Operation, witness: Witness, people: People) -> None:
    await fail_at_each_write(row, witness, people, lambda: FAULTS, range)


async def fail_at_each_write(
    row: Operation,
    witness: Witness,
    people: People,
    ways: Callable[[], Iterable[str]],
    which: Callable[[int], Iterable[int]],
) -> None:
    """Have some of each kind of write fail, of all that it makes when it is left alone: the first is 0."""
    expected = await effect_of(row, witness, people)
    assert expected, "it wrote nothing: it belongs with something to do"
    writes = dict(witness.writes.counts)
    for write, count in writes.items():
        for number in which(count):
            for way in ways():
                await under(Failure(write, number, FAULTS[way]), row, witness, people, expected)
    assert witness.writes.failed_count >= 2, "at least a write and its commit failed"


async def under(failure: Failure, row: Operation, witness: Witness, people: People, expected: Effect) -> None:
    """Require of a request what is expected, once and wholly, in spite of a failure."""
    request = await asking(row, *people)
    await witness.begin()
    await witness.arm(failure)
    with once():
        answer = await request.ask()
    if answer["ok"]:
        # Telling is of its writes, too, and may still be under way.
        await witness.settled()
    await witness.disarm()
    await require_in_the_end(request, answer, witness, expected, where=f"{row.name}: {failure}")


async def effect_of(row: Operation, witness: Witness, people: People) -> Effect:
    """What it comes to when nothing is in its way."""
    request = await asking(row, *people)
    await witness.begin()
    answer = await request.ask()
    assert answer["ok"], answer
    return await witness.effect()


async def require_in_the_end(
    request: Asking, answer: dict[str, Any], witness: Witness, expected: Effect, *, where: str
) -> None:
    """Nothing of it is done while it is refused, and once it is not, all of it, once; asking again changes nothing."""
    if not answer["ok"]:
        assert is_retryable(answer), (where, answer)
        assert not await witness.effect(), where
        answer = await request.ask()
        assert answer["ok"], answer
    assert await witness.effect() == expected, where
    if request.row.is_creating:
        again = await request.ask()
        assert again["ok"] and again["data"] == answer["data"], where
        assert await witness.effect() == expected, where


def is_retryable(answer: dict[str, Any]) -> bool:
    return answer["error"]["code"] == "unavailable" and answer["error"]["retryable"] is True
