"""Every question to the database is answered by an index: what is read grows with the answer, not with the past."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import pymongo
import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from handlers.errors import DomainError
from handlers.figures import count_backlog
from handlers.notifying import Said
from handlers.presence import tell_presence
from server.api import OPERATIONS
from server.config import Settings
from server.core import Core, utc_now
from server.mail import DevelopmentOutbox
from server.work import KINDS, LOOKS
from store.jobs import Job, State
from store.notifications import Topic
from tests.asks import asking
from tests.asks.searches import LOOKED_FOR
from tests.backstage import Backstage
from tests.conftest import serving
from tests.people import Person, key
from tests.processes import Servers

# One small row a process.
ALL_OF_IT = {"processes"}
PATIENCE_SECONDS = 30.0


class Questions(CommandListener):
    """Every different question that a server asked: by collection, kind, and the fields it asks by; and its writes."""

    def __init__(self) -> None:
        self.asked: dict[tuple[str, str, str], dict[str, Any]] = {}
        # By collection, in which ways it was written to.
        self.written: defaultdict[str, set[str]] = defaultdict(set)

    def started(self, event: CommandStartedEvent) -> None:
        command = dict(event.command)
        for collection, way in _writes(event.command_name, command):
            self.written[collection].add(way)
        where = _where(event.command_name, command)
        if where is not None:
            key = (command[event.command_name], event.command_name, str(_shape(where)))
            self.asked.setdefault(key, where)

    def succeeded(self, _: CommandSucceededEvent) -> None:
        pass

    def failed(self, _: CommandFailedEvent) -> None:
        pass


def _writes(name: str, command: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if name in {"insert", "update", "delete", "findAndModify", "drop"}:
        yield command[name], name
    elif name == "bulkWrite":
        for one in command["ops"]:
            way = next(way for way in ("insert", "update", "delete") if way in one)
            yield command["nsInfo"][one[way]]["ns"].partition(".")[2], way


def _where(name: str, command: dict[str, Any]) -> dict[str, Any] | None:
    match name:
        case "find":
            return command.get("filter", {})
        case "findAndModify" | "distinct" | "count":
            return command.get("query", {})
        case "update":
            return command["updates"][0]["q"]
        case "delete":
            return command["deletes"][0]["q"]
        case "aggregate":
            return next((stage["$match"] for stage in command["pipeline"] if "$match" in stage), {})
    return None


def _shape(where: Any) -> Any:
    if isinstance(where, dict):
        return {name: _shape(value) for name, value in where.items()}
    return [_shape(value) for value in where[:1]] if isinstance(where, list) else "?"


@pytest.mark.usefixtures("unlimited")
async def test_every_question_is_answered_by_an_index(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = Questions()
    monkeypatch.setattr("store.database.AsyncMongoClient", partial(AsyncMongoClient, event_listeners=[questions]))
    async with serving(settings, servers) as server:
        ada, bob, eve = [await (await Person(name, server, http).join()).connect() for name in ("ada", "bob", "eve")]
        ada.backstage = Backstage(settings, servers)
        for row in OPERATIONS:
            answer = await (await asking(row, ada, bob, eve)).ask()
            assert answer["ok"], (row.name, answer)
        # The last of these is gone by then, and somebody is to be told of what is found by it.
        await ada.asks("search:save", {"name": "Guitar", "filters": LOOKED_FOR, "client_id": key()})
        for person in (ada, bob, eve):
            await person.leave()

    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client:
        database = client[settings.mongodb_database]
        known = await _known(database, ada.id)
        async with Backstage(settings, servers).core() as core:
            await do_what_nobody_waits_for(core, ada.id, known)
        plans = {key: await _plan(database, key[0], where) for key, where in questions.asked.items()}
    # Whatever staff or anybody else asks for, and what is done later: of what staff did nothing is changed or deleted.
    assert questions.written["staff_log"] == {"insert"}
    assert {"insert", "update", "delete"} <= set().union(*questions.written.values())
    assert len(plans) > 30, "the server asked more than that"
    assert not {key for key, plan in plans.items() if key[1] == "findAndModify" or plan == "COLLSCAN"}


async def do_what_nobody_waits_for(core: Core, user_id: str, known: Sequence[Mapping[str, Any]]) -> None:
    """Do once what is to be done later, a few times of each kind, and what is looked for again and again."""
    for look in (*LOOKS, count_backlog):
        await core.dispatch.survey(look)
    await core.dispatch.tell(partial(tell_presence, {user_id: True, "0" * 24: False}))
    await core.restraints.of(user_id)
    await core.restraints.recheck()
    await core.store.sessions.ended_since(core.clock())
    await core.store.outbox.between("", after=-1, before=1, limit=1)
    # What is asked for by this is asked for by others as well, and comes to less then.
    for job in await _asked(core, ["CalendarConnected"]):
        await _do(core, job.kind, job.errand)
    done: set[str] = set()
    while asked := await _asked(core, KINDS.keys() - done):
        for job in asked:
            await _do(core, job.kind, job.errand)
        done |= {job.kind for job in asked}
    # Of what nobody happens to ask for here, all that can be said of the swaps there are.
    for kind in KINDS.keys() - done:
        fields = {name for name, field in KINDS[kind].errand.model_fields.items() if field.is_required()}
        for one in known if "swap_id" in fields else known[:1]:
            await _do(core, kind, {name: one[name] for name in fields})
    worker = core.worker(DevelopmentOutbox())
    assert await worker._begin_what_is_due()
    await asyncio.gather(*worker._doing)


async def _asked(core: Core, kinds: Iterable[str]) -> list[Job]:
    """What operations and other jobs asked for, of these kinds."""
    return [job for kind in kinds for job in await core.store.jobs.page(State.WAITING, kind, before=None, limit=3)]


async def _known(database: AsyncDatabase[dict[str, Any]], user_id: str) -> list[dict[str, Any]]:
    """What an errand may name, with a swap of each status that somebody has."""
    swaps = {swap["status"]: swap for swap in await database["swaps"].find({"people": user_id}).to_list()}
    things = {"gig_id": "gigs", "case_id": "cases", "search_id": "saved_searches"}
    things |= {"discussion_id": "discussions", "post_id": "posts"}
    known: dict[str, Any] = {name: await _any(database[collection]) for name, collection in things.items()}
    now = utc_now()
    said = Said(
        topic=Topic.ACCOUNT, title="Hello.", many="", text="", about="", data={}, actor_id=None, urgent=False, key=None,
        times=1, expires_at=None,
    )  # fmt: skip
    known |= {"user_id": user_id, "user_ids": (user_id,), "said": said, "by": "", "after": "", "ids": (), "serial": ""}
    known |= {"search_ids": (known["search_id"],), "watch_ids": (), "numbers": (0, 1)}
    known |= {
        "since": now,
        "time": now + timedelta(hours=1),
        "gone_at": now,
        "was": now,
        "etag": "",
        "before": "24h",
        "number": 1,
    }
    return [
        known | {"swap_id": swap["_id"], **{name: swap[name] for name in ("thread_id", "version", "scheduled_time")}}
        for swap in swaps.values()
    ]


async def _any(rows: AsyncCollection[dict[str, Any]]) -> str:
    row = await rows.find_one({}, sort=[("_id", -1)])
    assert row is not None, rows.name
    return str(row["_id"])


async def _do(core: Core, kind: str, errand: Mapping[str, Any]) -> None:
    work = KINDS[kind]
    within = core.dispatch.survey if work.is_long or work.is_outward else core.dispatch.work
    # However slow this machine is: what is looked for is what is asked.
    with pymongo.timeout(PATIENCE_SECONDS), suppress(*([DomainError] if work.refused else [])):
        await within(partial(work.run, work.errand.model_validate({**errand, "job": "0" * 24})))


async def _plan(database: AsyncDatabase[dict[str, Any]], collection: str, where: dict[str, Any]) -> str:
    id_ = where.get("_id")
    if isinstance(id_, str) or (isinstance(id_, dict) and id_.keys() == {"$in"}):
        # The embedded database goes by them whatever else is asked, and says that it does not.
        return "IDHACK"
    if collection in ALL_OF_IT:
        return "every row is wanted"
    explained = await database.command({"explain": {"find": collection, "filter": where}})
    return "COLLSCAN" if "COLLSCAN" in str(explained["queryPlanner"]["winningPlan"]) else "IXSCAN"
