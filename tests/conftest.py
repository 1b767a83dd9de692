"""What every test may ask for: real servers, once a run, and a database of its own.

A fixture here starts a process or names a thing; what people and documents look like stands beside the tests.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import aiohttp
import hypothesis
import pymongo
import pytest
from aiohttp import web
from pydantic import SecretStr

from server.api import OPERATIONS
from server.app import create_app
from server.config import Settings
from server.core import utc_now
from server.embedded import Endpoints
from server.http import Runner
from server.mail import Mailer
from store import Database, Store
from tests.backstage import PATIENCE, Backstage
from tests.calendars import FakeCalendars
from tests.fake_google import APP_ID, CLIENT_ID, CLIENT_SECRET, PAGE, started_google
from tests.fake_push import started_push
from tests.people import Person
from tests.processes import Servers, started_servers

VAPID_KEY = "v" * 42 + "0"

# How long an example takes says nothing about what is tried: others use the machine as well.
hypothesis.settings.register_profile("shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("shared")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The embedded servers on a fresh folder, one pair for each test process, with the database's failpoints on."""
    with started_servers(tmp_path_factory.mktemp("servers")) as servers:
        yield servers


@pytest.fixture(scope="session")
def mongodb_url(servers: Servers) -> str:
    """Where the database answers."""
    return servers.mongodb_url


@pytest.fixture(scope="session")
def redis_url(servers: Servers) -> str:
    """Where the Redis-compatible server answers."""
    return servers.redis_url


@pytest.fixture
def database_name() -> str:
    """A database that no other test has seen."""
    return f"test_{uuid4().hex}"


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is refused for asking often; for tests that ask everything."""
    lift_limits(monkeypatch)


def lift_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the servers that are started from here on refuse nobody for asking often."""
    monkeypatch.setattr("server.app.OPERATIONS", tuple(replace(row, limits=()) for row in OPERATIONS))


@asynccontextmanager
async def serving(
    settings: Settings, servers: Servers, *, ahead: timedelta = timedelta(0), mailer: Mailer | None = None
) -> AsyncIterator[str]:
    """A whole web process's worth of server inside this one, on a free port, its clock perhaps ahead; its address."""
    endpoints = Endpoints(servers.mongodb_url, servers.redis_url)
    database = Database(servers.mongodb_url, settings.mongodb_database)
    with pymongo.timeout(PATIENCE):
        await Store(database).create_indexes()
    await database.close()
    app = create_app(settings, endpoints, clock=lambda: utc_now() + ahead, mailer=mailer)
    runner = Runner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@pytest.fixture(scope="session")
def google_issuer() -> Iterator[str]:
    """Where something answers as Google does, one for each test process."""
    address, child = started_google()
    with child:
        yield address


@pytest.fixture
async def calendars(google_issuer: str, http: aiohttp.ClientSession) -> AsyncIterator[FakeCalendars]:
    """Its calendars, which do not fail before they are told to, and find no server of ours."""
    found = FakeCalendars(google_issuer, http)
    await found.fails()
    await found.reaches()
    yield found
    await found.fails()
    await found.reaches()


@pytest.fixture(scope="session")
def push_origin() -> Iterator[str]:
    """Where something answers as a push service does, one for each test process."""
    address, child = started_push()
    with child:
        yield address


@pytest.fixture
def settings(
    database_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, google_issuer: str, push_origin: str
) -> Settings:
    """Settings of a server over a fresh database; nothing of this machine's environment is in them."""
    monkeypatch.chdir(tmp_path)
    return settings_of(database_name, google_issuer, push_origin)


def settings_of(database_name: str, google_issuer: str, push_origin: str) -> Settings:
    """Settings under which people of tests are not in each other's way."""
    return Settings(
        mongodb_database=database_name,
        jwt_secret=SecretStr("s" * 32),
        data_keys=(SecretStr("d" * 32),),
        max_connections_per_ip=1000,
        confirm_email=False,
        nudge_days=0,
        open_swaps=1000,
        first_contacts=1000,
        first_messages=1000,
        newcomer_delay_seconds=0,
        vapid_private_key=SecretStr(VAPID_KEY),
        push_hosts=(push_origin,),
        google_issuer=google_issuer,
        google_calendar_url=google_issuer,
        google_client_id=CLIENT_ID,
        google_client_secret=SecretStr(CLIENT_SECRET),
        google_redirect_uris=(PAGE,),
        google_app_client_ids=(APP_ID,),
    )


@pytest.fixture
async def server(settings: Settings, servers: Servers) -> AsyncIterator[str]:
    """The address of a server."""
    async with serving(settings, servers) as url:
        yield url


@pytest.fixture
async def other_server(settings: Settings, servers: Servers, server: str) -> AsyncIterator[str]:
    """The address of a second server over the same database and Redis."""
    async with serving(settings, servers) as url:
        yield url


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """One HTTP client for all people of a test."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def ada(server: str, http: aiohttp.ClientSession) -> AsyncIterator[Person]:
    """Ada, signed up and connected."""
    person = await (await Person("ada", server, http).join()).connect()
    yield person
    await person.leave()


@pytest.fixture
async def bob(server: str, http: aiohttp.ClientSession) -> AsyncIterator[Person]:
    """Bob, signed up and connected to the same server."""
    person = await (await Person("bob", server, http).join()).connect()
    yield person
    await person.leave()


@pytest.fixture
async def bob_elsewhere(other_server: str, http: aiohttp.ClientSession) -> AsyncIterator[Person]:
    """Bob, signed up and connected to the other server."""
    person = await (await Person("bob", other_server, http).join()).connect()
    yield person
    await person.leave()


@pytest.fixture
async def eve(server: str, http: aiohttp.ClientSession) -> AsyncIterator[Person]:
    """Eve, a stranger to everybody."""
    person = await (await Person("eve", server, http).join()).connect()
    yield person
    await person.leave()


@pytest.fixture
def people(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> tuple[Person, Person, Person]:
    """All three; Ada can have things done backstage."""
    ada.backstage = Backstage(settings, servers)
    return ada, bob, eve
