"""Every question to the database is answered by an index: what is read grows with the answer, not with the past."""

from functools import partial
from typing import Any

import aiohttp
import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from server.api import OPERATIONS
from server.config import Settings
from tests.asks import asking
from tests.backstage import Backstage
from tests.conftest import serving
from tests.people import Person
from tests.processes import Servers

# One small row a process.
ALL_OF_IT = {"processes"}


class Questions(CommandListener):
    """Every different question that a server asked: by collection, kind, and the fields it asks by."""

    def __init__(self) -> None:
        self.asked: dict[tuple[str, str, str], dict[str, Any]] = {}

    def started(self, event: CommandStartedEvent) -> None:
        command = dict(event.command)
        where = _where(event.command_name, command)
        if where is not None:
            key = (command[event.command_name], event.command_name, str(_shape(where)))
            self.asked.setdefault(key, where)

    def succeeded(self, _: CommandSucceededEvent) -> None:
        pass

    def failed(self, _: CommandFailedEvent) -> None:
        pass


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
        for person in (ada, bob, eve):
            await person.leave()

    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client:
        database = client[settings.mongodb_database]
        plans = {key: await _plan(database, key[0], where) for key, where in questions.asked.items()}
    assert len(plans) > 30, "the server asked more than that"
    assert not {key for key, plan in plans.items() if key[1] == "findAndModify" or plan == "COLLSCAN"}


async def _plan(database: AsyncDatabase[dict[str, Any]], collection: str, where: dict[str, Any]) -> str:
    id_ = where.get("_id")
    if isinstance(id_, str) or (isinstance(id_, dict) and id_.keys() == {"$in"}):
        # The embedded database goes by them whatever else is asked, and says that it does not.
        return "IDHACK"
    if collection in ALL_OF_IT:
        return "every row is wanted"
    explained = await database.command({"explain": {"find": collection, "filter": where}})
    return "COLLSCAN" if "COLLSCAN" in str(explained["queryPlanner"]["winningPlan"]) else "IXSCAN"
