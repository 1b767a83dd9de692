"""Demo data from the command line: what the server would have written, and nothing over what is there already."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from pymongo import AsyncMongoClient

from server.config import Settings
from server.mail import DevelopmentOutbox
from store.demo.community import PASSWORD, Community
from store.gigs import LIFE
from tests.conftest import serving
from tests.files import nothing_is_due
from tests.people import Person, key
from tests.processes import Servers, said_by

pytestmark = pytest.mark.usefixtures("unlimited")
Command = Callable[..., Awaitable[tuple[int, str]]]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
# What is kept under a gig's own id; and what differs between what Ada says and what somebody said before her.
KEPT_BY_GIG = ("gigs", "listings")
HERS = {
    "_id",
    "created_by",
    "created_at",
    "updated_at",
    "order",
    "expires_at",
    "same_as",
    "impressions",
    "rating",
    "next_free_at",
    "by_rating",
    "by_time",
}
# Of the keys of a listing: whose it is, and of which it is a sample by chance.
OF_HERS = re.compile(r"by:|\d~")


@pytest.fixture
def command(settings: Settings, servers: Servers, tmp_path: Path) -> Command:
    """`python -m ...`: its exit code, and all that it said."""
    over = {"MONGODB_URL": servers.mongodb_url, "MONGODB_DATABASE": settings.mongodb_database}

    async def run(*arguments: str, **environment: str) -> tuple[int, str]:
        return await said_by(*arguments, cwd=tmp_path, env=over | environment)

    return run


async def rows(settings: Settings, servers: Servers, name: str, **where: Any) -> list[dict[str, Any]]:
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url, tz_aware=True) as client:
        found: list[dict[str, Any]] = await client[settings.mongodb_database][name].find(where).to_list()
        return found


async def test_without_a_command_it_says_what_it_can_do(command: Command) -> None:
    code, said = await command("store")
    assert code == 0 and "indexes" in said and "seed" in said
    code, said = await command("store", "indexes")
    assert (code, said) == (0, "store: indexes are in place.\n")
    code, said = await command("store", "seed", "--people", "3", MONGODB_URL="")
    assert code == 1 and said.startswith("store: MONGODB_URL is not set.")
    # What to run instead, word for word.
    assert "`python -m server.seed --people 3`" in said


async def test_a_demo_is_what_the_server_would_have_written(
    command: Command, settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    async with serving(settings.model_copy(update={"media_secret": SecretStr("m" * 32)}), servers):
        # A server ran before, and its own peer in calls has an account; that is nobody.
        async with asyncio.timeout(30):
            while not (helper := await rows(settings, servers, "users")):
                await asyncio.sleep(0.05)
    code, said = await command("store", "seed", "--people", "5", "--gigs", "40")
    assert code == 0, said
    assert "store: gigs: 40 of 40\n" in said and PASSWORD in said
    async with serving(settings, servers) as url:
        somebody = Person("somebody", url, http, email=said.partition("Sign in as ")[2].partition(",")[0])
        signed_in = await somebody.rest("POST", "/auth/login", {"email": somebody.email, "password": PASSWORD})
        somebody.token = signed_in["access_token"]
        assert signed_in["user"]["teaches"] and signed_in["user"]["email_confirmed"]
        shown = (await somebody.rest("GET", "/gigs/?limit=100"))["items"]
        kept = await rows(settings, servers, "gigs")
        assert len(kept) == 40
        assert {gig["id"] for gig in shown} == {gig["_id"] for gig in kept if gig["status"] == "active"}

        ada = await (await Person("ada", url, http).join()).connect()
        for gig in shown[:3]:
            await require_same(gig, ada, settings, servers)
        # Whoever comes new and wants the opposite of somebody fits them.
        wanted, taught = ([{"name": signed_in["user"][name][0]["name"]}] for name in ("wants", "teaches"))
        await ada.rest("PUT", "/auth/profile", {"teaches": wanted, "wants": taught})
        users = [user for user in await rows(settings, servers, "users") if user["_id"] != helper[0]["_id"]]
        assert len({frozenset(user) for user in users}) == 1
        await ada.leave()

    # Who publishes is asked before it fades, and then it does.
    over = LIFE + timedelta(hours=1)
    async with serving(settings, servers, ahead=over, mailer=DevelopmentOutbox()):
        await nothing_is_due(settings, servers, over)
    assert await rows(settings, servers, "gigs", status="active") == []
    assert await rows(settings, servers, "jobs", state="failed") == []
    found = {person for match in await rows(settings, servers, "matches") for person in match["people"]}
    assert {ada.id, signed_in["user"]["id"]} <= found
    # And what they had with each other counts.
    have_points = {one["user_id"] for one in await rows(settings, servers, "standings")}
    assert have_points == {user["_id"] for user in users if user["rating"] is not None} != set()


def of_anybody(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what differs between two people who say the same."""
    keys = {name: [key for key in row[name] if not OF_HERS.match(key)] for name in ("keys", "broad") if name in row}
    facts = {"facts": [fact for fact in row["facts"].split() if not OF_HERS.match(fact)]} if "facts" in row else {}
    return {name: value for name, value in row.items() if name not in HERS} | keys | facts


async def require_same(gig: dict[str, Any], ada: Person, settings: Settings, servers: Servers) -> None:
    """Have Ada say what somebody said before her, and compare all that is kept of it."""
    given = ("kind", "title", "description", "mode", "category", "tags", "level", "languages", "location")
    skills = {name: [skill["name"] for skill in gig[name]] for name in ("offered_skills", "desired_skills")}
    made = await ada.asks("gig:create", {**{name: gig[name] for name in given}, **skills, "client_id": key()})
    for collection in KEPT_BY_GIG:
        (one,), (other,) = [await rows(settings, servers, collection, _id=id_) for id_ in (gig["id"], made["id"])]
        assert one.keys() == other.keys(), collection
        assert of_anybody(one) == of_anybody(other), collection
    jobs = {job["errand"]["gig_id"]: job for job in await rows(settings, servers, "jobs", kind="AgeGig")}
    one, other = jobs[gig["id"]], jobs[made["id"]]
    assert one.keys() == other.keys() and one["errand"].keys() == other["errand"].keys()
    assert one["errand"]["expires_at"] == gig["expires_at"] and other["errand"]["expires_at"] == made["expires_at"]


async def test_a_demo_goes_over_nobody_unless_it_is_asked_to(
    command: Command, settings: Settings, servers: Servers
) -> None:
    few = ("store", "seed", "--people", "3", "--gigs", "3")
    assert (await command(*few))[0] == 0
    code, said = await command(*few)
    assert code == 1 and said.startswith("store: Somebody is in this database already;"), said
    code, said = await command(*few, "--into-existing")
    assert code == 1 and "take another --seed" in said
    assert (await command(*few, "--into-existing", "--seed", "8"))[0] == 0
    assert len(await rows(settings, servers, "users")) == 6


async def test_the_embedded_database_is_seeded_while_it_rests(command: Command, tmp_path: Path) -> None:
    alone = {"MONGODB_URL": "", "REDIS_URL": "", "DATA_FOLDER": str(tmp_path / "data"), "MONGODB_DATABASE": "demo"}
    code, said = await command("server.seed", "--people", "3", "--gigs", "5", **alone)
    assert code == 0, said
    first = Community(7, 3, now=LONG_AGO).person(0)
    assert "gigs: 5 of 5" in said and first.email in said
    code, said = await command("server.seed", **alone)
    assert code == 1 and "Somebody is in this database already" in said
