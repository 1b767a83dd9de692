"""Who may do what: every row of the table, by each of its doors, for everybody who is not its owner.

A new row without its line here fails: somebody has to have thought of it.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
import jwt
import pytest
from pytest_asyncio import fixture

from handlers.account import OWN, STAFF
from handlers.models import Access
from server.api import OPERATIONS
from server.config import Settings
from server.operation import Operation
from store.users import Role
from tests.asks import MAY, asking, by_rest
from tests.asks.base import backstage
from tests.backstage import Backstage
from tests.conftest import lift_limits, serving, settings_of
from tests.people import Person, refused
from tests.processes import Servers

SECRET = "s" * 32
# One server for them all, as there are so many; its people are new each time.
pytestmark = pytest.mark.asyncio(loop_scope="module")

Door = Callable[[Person, Operation, dict[str, Any]], Awaitable[Any]]


@pytest.fixture(scope="module")
def settings(google_issuer: str, push_origin: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("authorization"))
        lift_limits(patch)
        yield settings_of(f"test_{uuid4().hex}", google_issuer, push_origin)


@fixture(scope="module", loop_scope="module")
async def server(settings: Settings, servers: Servers) -> AsyncIterator[str]:
    async with serving(settings, servers) as url:
        yield url


@fixture(scope="module", loop_scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@fixture(loop_scope="module")
async def people(
    server: str, http: aiohttp.ClientSession, settings: Settings, servers: Servers
) -> AsyncIterator[tuple[Person, Person, Person]]:
    ada, bob, eve = [await (await Person(name, server, http).join()).connect() for name in ("ada", "bob", "eve")]
    ada.backstage = Backstage(settings, servers)
    yield ada, bob, eve
    for person in (ada, bob, eve):
        await person.leave()


@fixture(loop_scope="module")
async def outsiders(
    server: str, http: aiohttp.ClientSession, people: tuple[Person, Person, Person]
) -> list[tuple[Person, str]]:
    """Those who are nobody, or nobody any more, and what they hear."""
    nobody, gone, late = (Person(name, server, http) for name in ("nobody", "gone", "late"))
    await gone.join()
    await gone.rest("POST", "/auth/logout")
    await late.join()
    claims = jwt.decode(late.token, options={"verify_signature": False})
    past = int((datetime.now(UTC) - timedelta(seconds=1)).timestamp())
    late.token = jwt.encode({**claims, "exp": past}, SECRET, "HS256")
    banned, admin = [await Person(name, server, http).join() for name in ("banned", "admin")]
    await backstage(people[0]).promote(admin.id, Role.ADMIN)
    await admin.rest("PUT", f"/staff/people/{banned.id}/ban/", {"reason": "Spam"})
    return [
        (nobody, "unauthenticated"),
        (gone, "unauthenticated"),
        (banned, "unauthenticated"),
        (late, "token_expired"),
    ]


async def by_event(person: Person, row: Operation, payload: dict[str, Any]) -> Any:
    assert row.event is not None
    return await person.asks(row.event, payload)


def doors() -> list[Any]:
    """Every row by every door that it has."""
    found = [(row, by_rest, "rest") for row in OPERATIONS if row.http] + [
        (row, by_event, "event") for row in OPERATIONS if row.event
    ]
    return [pytest.param(row, door, id=f"{row.name}-{name}") for row, door, name in found]


async def test_every_row_has_its_line() -> None:
    assert {row.name for row in OPERATIONS} == MAY.keys()


@pytest.mark.parametrize(("row", "door"), doors())
async def test_the_matrix(row: Operation, door: Door, people: tuple[Person, Person, Person]) -> None:
    ada, bob, eve = people
    stranger, participant = MAY[row.name]
    for person, code in ((eve, stranger), (bob, participant), (ada, None)):
        # Anew for each, so that nobody is refused for what somebody before them did.
        request = await asking(row, *people)
        is_theirs = request.person is not ada and not (row.access in STAFF and code is not None)
        asker = request.person if is_theirs else person
        if code is None:
            await door(asker, row, request.payload)
        else:
            with refused(code):
                await door(asker, row, request.payload)


# What whom staff has muted may do all the same: keep their own affairs in order, answer, and end what they began.
QUIET = {
    *("update_profile", "presence:set", "favourite:add", "favourite:remove", "contact:share", "contact:unshare"),
    *("block:add", "block:remove", "report:create", "thread:remove", "thread:promote", "mark:read", "mark:unread"),
    *(
        "mark:delivered",
        "thread:mute",
        "thread:accept",
        "thread:decline",
        "thread:archive",
        "thread:unarchive",
        "message:delete",
        "message:unreact",
    ),
    *("message:unpin", "message:save", "message:unsave", "typing:stop", "call:reject", "call:cancel", "call:end"),
    *(
        "call:leave",
        "call:report",
        "call:try",
        "call:consent",
        "add_recording",
        "call:admit",
        "call:deny",
        "call:lock",
        "call:mute",
        "call:remove",
    ),
    *("call:transfer", "receive_upload", "delete_upload", "gig:delete", "gig:pause", "gig:archive", "gig:bookmark"),
    *("gig:unbookmark", "search:save", "search:change", "search:delete", "search:watch", "search:unwatch"),
    *("post:delete", "post:unvote", "post:unaccept", "discussion:follow", "discussion:mute"),
    *("discussion:read", "discussion:watch", "discussion:unwatch", "notification:mark_read"),
    *("dashboard:watch", "dashboard:unwatch"),
    *("notification:mark_all_read", "preferences:set", "push:subscribe", "push:unsubscribe", "push:test"),
    *(
        "availability:set",
        "series:accept",
        "series:end",
        "series:cancel",
        "swap:update",
        "agenda:remove",
        "achievement:update",
        "begin_calendar",
    ),
    *("complete_calendar", "calendar:disconnect", "calendar:sync", "calendar:unsync", "rotate_feed"),
}


# What of these they may not do.
PARTLY: dict[str, dict[str, Any]] = {
    "update_profile": {"bio": "Buy here."},
    "presence:set": {"text": "Buy here."},
    "swap:update": {"action": "reschedule", "scheduled_time": "2999-01-01T10:00:00Z"},
}


async def test_whom_staff_has_warned_or_muted(people: tuple[Person, Person, Person]) -> None:
    """At the one gate that stands before all rows and doors, before anything of what is asked is read."""
    ada, warned, muted = people
    admin = await Person("admin", ada.url, ada.http).join()
    await backstage(ada).promote(admin.id, Role.ADMIN)
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    for person, measure in ((warned, {"measure": "warning"}), (muted, {"measure": "mute", "until": until})):
        await admin.rest("POST", f"/staff/people/{person.id}/measures/", {**measure, "reason": "Enough."})
        await person.hears("statement:created")

    assert {row.name for row in OPERATIONS if (row.is_command or row.is_signal) and row.access is Access.SIGNED_IN} == (
        QUIET
    )
    assert {row.name for row in OPERATIONS if row.speaks_partly} == PARTLY.keys()
    for one in doors():
        row, door = one.values
        nothing = dict.fromkeys(re.findall(r"{(\w+)}", row.http.path if row.http else ""), "0" * 24)
        nothing |= {"file": b""} if row.takes_file else {}
        if row.access not in OWN:
            with refused("warning_unread"):
                await door(warned, row, nothing)
        if row.access is Access.VOICE or row.speaks_partly:
            with refused("muted"):
                await door(muted, row, nothing | PARTLY.get(row.name, {}))


@pytest.mark.parametrize("row", [row for row in OPERATIONS if row.http], ids=lambda row: row.name)
async def test_who_is_nobody_or_nobody_any_more(
    row: Operation, people: tuple[Person, Person, Person], outsiders: list[tuple[Person, str]]
) -> None:
    for person, code in outsiders:
        request = await asking(row, *people)
        expected = MAY[row.name][0] if row.access is Access.PUBLIC else code
        with nullcontext() if expected is None else refused(expected):
            await by_rest(person, row, request.payload)


async def test_nobody_of_them_gets_a_socket(outsiders: list[tuple[Person, str]]) -> None:
    for person, code in outsiders:
        with refused(code):
            await person.connect()
